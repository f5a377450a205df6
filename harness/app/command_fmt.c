#include "app/app.h"
int command_fmt(const struct options *o)
{
    (void)o;
    return 70;
}
