/*
 * The files of an index that is to be checked: what the newest manifest names,
 * mapped, so that a writer cannot take them away meanwhile. In a packed index
 * they are parts of one file.
 */
#ifndef PARASOL_INDEXER_CHECK_MEMBERS_H
#define PARASOL_INDEXER_CHECK_MEMBERS_H

#include "common/base/arena.h"
#include "common/format/home.h"
#include "indexer/check/bytes.h"

/* A sealed file of the commit. */
typedef struct pi_member {
    char name[32];
    enum pc_name of; /* SEGMENT, SKIPS, LIVE or FILES */
    uint32_t kind;
    const pc_manifest_segment *entry; /* of a segment or its dead documents;
                                         NULL: there is no manifest */
    uint64_t number, file_bytes;
    uint32_t trailer_crc;
    bool is_named; /* by a manifest: the numbers above are known */
    bool is_missing;
    pi_bytes bytes;
} pi_member;

typedef struct pi_members {
    pi_check *c;
    pc_home home;
    pc_manifest manifest;
    bool has_manifest;
    pc_arena arena;
    pc_str *names; /* in the directory; none in a packed index */
    size_t n_names;
    pi_member *list;
    size_t n, cap;
    pc_buf path;
} pi_members;

void pi_members_init(pi_members *x, pi_check *c);
void pi_members_release(pi_members *x);

/*
 * Reads the newest manifest and maps its files; again, if a writer makes
 * another commit meanwhile. Where the manifest is damaged or gone, which is
 * told, every sealed file of the directory is a member. Errors go to
 * pi_check_stop.
 */
void pi_members_open(pi_members *x);

/* DIR/name, borrowed until the next call; NULL: out of memory, told. */
const char *pi_members_path(pi_members *x, const char *name);

/* Is it the name of a member? */
bool pi_members_has(const pi_members *x, pc_str name);

#endif
