#include "app/app.h"
int command_export(const struct options *o)
{
    (void)o;
    return 70;
}
