#ifndef REPORT_ASSETS_H
#define REPORT_ASSETS_H
/*
 * The page's style and script, as they lie in reports/.
 */
#include "base/bytes.h"

struct bytes asset_style(void);  // reports/page.css
struct bytes asset_script(void); // reports/page.js

#endif
