/*
 * The bytes of a sealed file against all of its checksums.
 *
 * Unlike pc_sealed, which serves whoever wants to use the file and ends at the
 * first thing that is wrong, this goes on and gathers everything.
 */
#ifndef PARASOL_INDEXER_CHECK_BYTES_H
#define PARASOL_INDEXER_CHECK_BYTES_H

#include "common/format/magic.h"
#include "common/os/map.h"
#include "indexer/check/finding.h"

typedef struct pi_extent {
    uint64_t off, len;
} pi_extent;

typedef struct pi_bytes_section {
    uint32_t id;
    uint64_t off, len;
} pi_bytes_section;

/* A file as it was found. */
typedef struct pi_bytes {
    const char *name; /* in the directory; borrowed */
    pc_map map;       /* owned */
    bool has_ends;    /* header, footer and tables are sound */
    bool has_layout;  /* footer and tables are: what follows is known */
    uint64_t number;
    uint32_t trailer_crc;
    uint64_t sums_off, root_off;
    pi_bytes_section sections[PC_SECTIONS_MAX];
    uint32_t n_sections;
    pi_extent *bad; /* owned: pages that are not what was written; ascending,
                       neighbours united */
    size_t n_bad, bad_cap;
    uint64_t damages; /* in all; n_bad of them are not told */
} pi_bytes;

/*
 * Looks at every byte of b->map, which the caller has opened, as a file of
 * `kind`. What is wrong with its ends, its checksums and its padding is told;
 * bad pages are gathered in b->bad for who knows what they hold.
 * Errors go to pi_check_stop.
 */
void pi_bytes_check(pi_bytes *b, uint32_t kind, pi_check *c);
void pi_bytes_release(pi_bytes *b, const pc_mem *mem);

/* The section with that id, or NULL. */
const pi_bytes_section *pi_bytes_find(const pi_bytes *b, uint32_t id);

/* Is any byte of the range in a bad page? */
bool pi_bytes_is_bad(const pi_bytes *b, uint64_t off, uint64_t len);

#endif
