#ifndef REFERENCE_OBJECT_H
#define REFERENCE_OBJECT_H
struct object_table;
void object_table_free(struct object_table *t);
#endif
