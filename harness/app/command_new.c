#include "app/app.h"
int command_new(const struct options *o)
{
    (void)o;
    return 70;
}
