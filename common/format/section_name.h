/*
 * The names of sections, as docs/format.md has them.
 */
#ifndef PARASOL_COMMON_FORMAT_SECTION_NAME_H
#define PARASOL_COMMON_FORMAT_SECTION_NAME_H

#include <stdint.h>

/* No section that this version knows has a higher number. */
#define PC_SECTION_LAST 63u

/* The name of a section ("TERMS"), "MANIFEST" for 0, "?" for a number that this
   version does not know. Borrowed for ever. */
const char *pc_section_name(uint32_t id);

#endif
