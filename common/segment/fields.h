/*
 * The fields of this schema: numbers that begin the keys of the dictionary.
 */
#ifndef PARASOL_COMMON_SEGMENT_FIELDS_H
#define PARASOL_COMMON_SEGMENT_FIELDS_H

enum pc_field_id {
    PC_FIELD_TEXT = 0,  /* title and text together: what a bare word asks */
    PC_FIELD_TITLE = 1, /* the title alone */
    PC_FIELD_COUNT = 2
};

#endif
