#include "object.h"
void object_table_free(struct object_table *t)
{
    (void)t;
}
