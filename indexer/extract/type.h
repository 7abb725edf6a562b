/*
 * What kind of file it is, by its first bytes and its name.
 */
#ifndef PARASOL_INDEXER_EXTRACT_TYPE_H
#define PARASOL_INDEXER_EXTRACT_TYPE_H

#include "common/base/str.h"

typedef enum pi_format {
    PI_FORMAT_PLAIN,
    PI_FORMAT_SOURCE, /* programs, configuration, data: text without a title */
    PI_FORMAT_MARKDOWN,
    PI_FORMAT_HTML,
    PI_FORMAT_LATER, /* a document that is not read yet */
    PI_FORMAT_BINARY
} pi_format;

typedef struct pi_type {
    pi_format format;
    const char *what; /* name of the type for people; borrowed for ever */
} pi_type;

/* Cost: looks at the first kilobytes only. */
pi_type pi_type_of(pc_str name, pc_str bytes);

/* Behind the last dot of the last part of `name`, or empty; a name that only
   starts with a dot has none. */
pc_str pi_extension(pc_str name);

/* The last part of a path. */
pc_str pi_base_name(pc_str name);

#endif
