#include "report/html_page.h"

#include "base/sha256.h"
#include "report/assets.h"
#include "report/html_case.h"
#include "report/markup.h"

static void add_digest(struct text *to, struct bytes data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sha256 s;
    char hex[65];
    uint8_t raw[33] = { 0 };

    sha256_init(&s);
    sha256_add(&s, data.data, data.len);
    sha256_hex(&s, hex);
    hex_parse(hex, 64, raw);
    text_add(to, "'sha256-");
    for (size_t i = 0; i < 33; i += 3) {
        uint32_t three = (uint32_t)raw[i] << 16 | (uint32_t)raw[i + 1] << 8 | raw[i + 2];
        for (int shift = 18; shift >= (i == 30 ? 6 : 0); shift -= 6)
            text_char(to, digits[three >> shift & 63]);
    }
    text_add(to, "='");
}

void html_page_head(struct text *to, const char *title, const char *colour)
{
    text_add(to, "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
                 "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=color-scheme content=\"light dark\">\n"
                 "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:; base-uri 'none'; "
                 "form-action 'none'; style-src ");
    add_digest(to, asset_style());
    text_add(to, "; script-src ");
    add_digest(to, asset_script());
    text_printf(to, "\">\n<title>%s – arcwire</title>\n<link rel=icon href=\"data:image/svg+xml,<svg "
                    "xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' "
                "fill='%s'/></svg>\">\n<style>", title, colour);
    text_addn(to, (const char *)asset_style().data, asset_style().len);
    text_add(to, "</style>\n<script>");
    text_addn(to, (const char *)asset_script().data, asset_script().len);
    text_add(to, "</script>\n");
}

static void begin_cell(struct text *to, const char *class, const char *link, const char *note)
{
    text_add(to, "<td");
    if (*class)
        text_printf(to, " class=%s", class);
    if (note) {
        text_add(to, " title=\"");
        html_add(to, note);
        text_char(to, '"');
    }
    text_char(to, '>');
    if (link) {
        text_add(to, "<a href=\"");
        html_add(to, link);
        text_add(to, "\">");
    }
}

/* all 0: they are all that there are. */
static void some_of(struct text *to, const char *sign, size_t some, size_t all)
{
    text_printf(to, "%s ", sign);
    markup_count(to, some);
    if (all == 0)
        return;
    text_add(to, " of ");
    markup_count(to, all);
}

void html_page_cell(struct text *to, const size_t totals[REPORT_VERDICTS], const char *link, const char *note)
{
    size_t all = 0, tested = 0, bad = 0, failed = totals[REPORT_FAIL] + totals[REPORT_ERROR];

    for (int v = 0; v < REPORT_VERDICTS; v++) {
        all += totals[v];
        tested += report_verdicts[v].tested ? totals[v] : 0;
        bad += report_verdicts[v].bad ? totals[v] : 0;
    }
    if (all == 0)
        link = NULL;
    begin_cell(to, failed ? "f" : bad ? "i" : totals[REPORT_WARN] ? "r" : totals[REPORT_DECLARED] ? "d" : totals[REPORT_AS_GENUINE] ? "g" : tested ? "p" : all ? "u" : "",
               link, note);
    if (bad)
        some_of(to, failed ? "✗" : totals[REPORT_UNSTABLE] == bad ? "±" : "?", bad, all);
    else if (totals[REPORT_WARN])
        some_of(to, "△", totals[REPORT_WARN], all);
    else if (totals[REPORT_DECLARED])
        some_of(to, "§", totals[REPORT_DECLARED], all);
    else if (totals[REPORT_AS_GENUINE])
        some_of(to, "≡", totals[REPORT_AS_GENUINE], all);
    else if (tested) {
        some_of(to, "✓", tested, 0);
        if (tested < all) {
            text_add(to, " <small>+ ");
            markup_count(to, all - tested);
            text_add(to, " not tested</small>");
        }
    } else if (all)
        some_of(to, "–", all, 0);
    if (link)
        text_add(to, "</a>");
}
