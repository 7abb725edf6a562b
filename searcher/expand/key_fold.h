/*
 * Patterns see words without case and accents; the forms in the dictionary
 * have no case, but keep their accents. So each code point of a key is folded
 * on the way into an automaton.
 */
#ifndef PARASOL_SEARCHER_EXPAND_KEY_FOLD_H
#define PARASOL_SEARCHER_EXPAND_KEY_FOLD_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#define PS_FOLDED_MAX 4u /* code points that one may become */

typedef struct ps_folded {
    uint32_t cp; /* 0: empty */
    uint32_t n;
    uint32_t to[PS_FOLDED_MAX];
} ps_folded;

#define PS_FOLD_CACHE 256u

typedef struct ps_key_fold {
    pc_buf in, out;
    ps_folded cache[PS_FOLD_CACHE];
} ps_key_fold;

void ps_key_fold_init(ps_key_fold *f, const pc_mem *mem);
void ps_key_fold_release(ps_key_fold *f);

/*
 * What `cp`, above U+007F, becomes behind `before` (0 for none), as
 * pc_fold_marks has it; borrowed until the next call. A failure of memory is
 * kept in f->out.status.
 */
const ps_folded *ps_key_fold_cp(ps_key_fold *f, uint32_t before, uint32_t cp);

/* The smallest code point from `cp` on that may not fold to itself. */
uint32_t ps_key_fold_next(uint32_t cp);

/*
 * The code points of `text` with case and marks folded, in the arena; *n of
 * them. `mem` lends scratch space. NOMEM.
 */
int ps_fold_text(pc_str text, const pc_mem *mem, pc_arena *arena,
                 uint32_t **out, uint32_t *n) PC_MUST_USE;

#endif
