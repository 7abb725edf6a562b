/*
 * Packed index: the files of one commit in one file, read-only (docs/format.md,
 * "Packed index"). Reading side: knows where the files are in it, and nothing
 * about what they hold.
 *
 * Threads: any number may read an open pack at once.
 */
#ifndef PARASOL_COMMON_FORMAT_PACK_H
#define PARASOL_COMMON_FORMAT_PACK_H

#include "common/base/buf.h"
#include "common/format/commit_files.h"
#include "common/os/map.h"

typedef struct pc_pack_entry {
    uint32_t kind; /* 0: manifest; else that of a sealed file */
    uint32_t crc;  /* its last four bytes */
    uint64_t number;
    uint64_t off;
    uint64_t bytes;
} pc_pack_entry;

typedef struct pc_pack {
    const pc_mem *mem;
    int fd;
    uint64_t bytes;         /* of the whole file */
    uint64_t commit;        /* the number of its manifest */
    pc_pack_entry *entries; /* ascending by kind and number */
    uint32_t n;
} pc_pack;

/*
 * Opens a packed index and verifies its header and its table. *out is owned by
 * the caller (pc_pack_close); `mem` is borrowed.
 * Errors: NOTFOUND (the file is no packed index), CORRUPT, VERSION, IO, NOMEM.
 * Cost: reads the table, 32 bytes a file.
 */
int pc_pack_open(pc_pack **out, const char *path, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Accepts NULL. What was mapped of the pack stays. */
void pc_pack_close(pc_pack *p);

/* The file of that kind (SEGMENT, SKIPS, LIVE, FILES, MANIFEST) and number, or
   NULL. Borrowed. */
const pc_pack_entry *pc_pack_find(const pc_pack *p, enum pc_name kind,
                                  uint64_t number);

/* Verifies that the bytes between the files are zero. Together with the
   checksums of the files that is every byte. Errors: CORRUPT, IO. */
int pc_pack_verify(const pc_pack *p, const char *path,
                   parasol_error *err) PC_MUST_USE;

/*
 * Lays out a pack: entries[0] is the manifest, the others are files of a
 * commit, ascending as pc_commit_files gives them; kind, crc, number and bytes
 * are given. Fills in `off` of each and appends header, table and the zeros
 * behind them to *out (out->status tells of NOMEM). Returns the length of the
 * whole pack. The caller puts the files at their offsets and zeros between.
 */
uint64_t pc_pack_put(pc_pack_entry *entries, uint32_t n, pc_buf *out);

#endif
