/*
 * Which documents of a segment are alive (docs/format.md, "LIVE"): a commit
 * that deletes documents says so in a small file beside the segment, which
 * itself never changes.
 */
#ifndef PARASOL_COMMON_SEGMENT_LIVE_H
#define PARASOL_COMMON_SEGMENT_LIVE_H

#include "common/format/home.h"

/* Immutable after reading; any number of threads. */
typedef struct pc_live {
    const pc_mem *mem;
    uint32_t docs;
    uint32_t dead;
    uint64_t *alive; /* owned; bit d % 64 of word d / 64: document d is alive;
                        pc_live_words(docs) of them, zeros behind the last
                        document. NULL: all are */
} pc_live;

/* Words of a bitmap over the documents, with some to spare behind them, so
   that loops may take several at a time. */
static inline size_t pc_live_words(uint32_t docs)
{
    return (size_t)docs / 64 + 9;
}

/*
 * Reads the file of dead documents that `entry` names in the directory `dir`;
 * without one, *out says that all documents are alive. *out is initialised
 * here, also on error, and owned by the caller (pc_live_release); `mem` is
 * borrowed until then.
 * Errors: CORRUPT (also: not the file that the manifest means), VERSION,
 * NOTFOUND, IO, NOMEM. Cost: reads the file, and a bit for each document.
 */
int pc_live_read(pc_live *out, const char *dir,
                 const pc_manifest_segment *entry, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* The same from its file, which is open and that of the manifest. */
int pc_live_from(pc_live *out, pc_sealed *file,
                 const pc_manifest_segment *entry, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* The same from an index that is open: a directory or a packed file. */
int pc_live_read_home(pc_live *out, pc_home *home,
                      const pc_manifest_segment *entry, const pc_mem *mem,
                      parasol_error *err) PC_MUST_USE;

void pc_live_release(pc_live *live);

/* The same again, without the file: *out as by pc_live_read. NOMEM. */
int pc_live_copy(pc_live *out, const pc_live *from, const pc_mem *mem,
                 parasol_error *err) PC_MUST_USE;

/* Documents below `end`, at most docs, that are alive. */
uint32_t pc_live_count(const pc_live *live, uint32_t end);

/* Not 0 when document `doc`, below docs, is alive. */
static inline int pc_live_has(const pc_live *live, uint32_t doc)
{
    return !live->alive || (live->alive[doc / 64] >> (doc % 64) & 1) != 0;
}

#endif
