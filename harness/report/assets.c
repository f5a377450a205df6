/*
 * Files become part of the program at build time; their paths are relative to the root of the repository,
 * where make runs.
 */
#include "report/assets.h"

#define EMBED(name, path)                                            \
    __asm__(".pushsection .rodata\n"                                 \
            ".hidden " #name "\n.globl " #name "\n" #name ":\n"      \
            ".incbin \"" path "\"\n"                                 \
            ".hidden " #name "_end\n.globl " #name "_end\n" #name "_end:\n" \
            ".byte 0\n"                                              \
            ".popsection\n");                                        \
    extern const uint8_t name[], name##_end[]

EMBED(embedded_style, "reports/page.css");
EMBED(embedded_script, "reports/page.js");

struct bytes asset_style(void)
{
    return (struct bytes){ embedded_style, (size_t)(embedded_style_end - embedded_style) };
}

struct bytes asset_script(void)
{
    return (struct bytes){ embedded_script, (size_t)(embedded_script_end - embedded_script) };
}
