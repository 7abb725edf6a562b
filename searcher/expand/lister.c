/*
 * The best words of a walk: a bounded heap, whose root is the worst. With
 * several segments, words are first added up in a hash table.
 */
#include "searcher/expand/lister.h"

#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/base/sort.h"
#include "common/text/acronym.h"
#include "common/text/ident.h"
#include "searcher/expand/acronyms.h"
#include "searcher/expand/dict_walk.h"
#include "searcher/expand/expansion.h"
#include "searcher/expand/word_alive.h"

typedef struct lister {
    const ps_snapshot *snap;
    pc_arena *arena;
    parasol_error *err;
    ps_word_list *out;
    uint32_t limit;
    bool acronyms; /* no words */
    ps_word *heap;
    uint32_t n, cap;
    /* Several segments: */
    ps_word *all;
    uint32_t n_all, all_cap;
    uint32_t *slots; /* hash table: word + 1, or 0 */
    uint32_t slot_mask;
} lister;

/* Whether a is better than b. */
static bool better(const ps_word *a, const ps_word *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    if (a->df != b->df)
        return a->df > b->df;
    if (a->ctf != b->ctf)
        return a->ctf > b->ctf;
    return pc_str_cmp(a->text, b->text) < 0;
}

static int grow(lister *l, ps_word **v, uint32_t n, uint32_t *cap)
{
    uint32_t more = *cap ? 2 * *cap : 64;
    ps_word *to = pc_arena_zalloc(l->arena, more, sizeof *to);
    if (!to)
        return pc_fail_nomem(l->err);
    if (n)
        memcpy(to, *v, n * sizeof *to);
    *v = to;
    *cap = more;
    return PARASOL_OK;
}

static int own(lister *l, ps_word *w)
{
    w->text.ptr = pc_arena_copy(l->arena, w->text.ptr, w->text.len);
    return w->text.ptr ? PARASOL_OK : pc_fail_nomem(l->err);
}

/* ---- the heap ----------------------------------------------------------- */

static void sink(ps_word *heap, uint32_t n, uint32_t i)
{
    for (;;) {
        uint32_t worst = i, left = 2 * i + 1;
        for (uint32_t k = left; k < left + 2 && k < n; k++)
            if (better(&heap[worst], &heap[k]))
                worst = k;
        if (worst == i)
            return;
        ps_word t = heap[i];
        heap[i] = heap[worst];
        heap[worst] = t;
        i = worst;
    }
}

/* Takes the word if it is among the best; copies its text if `copy`. */
static int offer(lister *l, ps_word w, bool copy)
{
    bool full = l->n == l->limit;
    if (l->limit == 0 || (full && !better(&w, &l->heap[0])))
        return PARASOL_OK;
    int rc = copy ? own(l, &w) : PARASOL_OK;
    if (!rc && !full && l->n == l->cap)
        rc = grow(l, &l->heap, l->n, &l->cap);
    if (rc)
        return rc;
    if (!full) {
        l->heap[l->n++] = w;
        /* It becomes a heap at once when it is full, a sorted list at the
           end. */
        for (uint32_t i = l->n / 2; l->n == l->limit && i-- > 0;)
            sink(l->heap, l->n, i);
        return PARASOL_OK;
    }
    l->heap[0] = w;
    sink(l->heap, l->n, 0);
    return PARASOL_OK;
}

static void sort_heap(lister *l)
{
    for (uint32_t i = l->n / 2; i-- > 0;)
        sink(l->heap, l->n, i);
    for (uint32_t n = l->n; n > 1; n--) {
        ps_word t = l->heap[0];
        l->heap[0] = l->heap[n - 1];
        l->heap[n - 1] = t;
        sink(l->heap, n - 1, 0);
    }
}

/* ---- several segments --------------------------------------------------- */

static int grow_all(lister *l)
{
    int rc = grow(l, &l->all, l->n_all, &l->all_cap);
    if (rc)
        return rc;
    uint32_t n = 2 * l->all_cap;
    l->slots = pc_arena_zalloc(l->arena, n, sizeof *l->slots);
    if (!l->slots)
        return pc_fail_nomem(l->err);
    l->slot_mask = n - 1;
    for (uint32_t i = 0; i < l->n_all; i++) {
        pc_str s = l->all[i].text;
        uint32_t at = (uint32_t)pc_hash64(s.ptr, s.len, 0) & l->slot_mask;
        while (l->slots[at])
            at = (at + 1) & l->slot_mask;
        l->slots[at] = i + 1;
    }
    return PARASOL_OK;
}

static int add_up(lister *l, ps_word w)
{
    int rc = PARASOL_OK;
    if (l->n_all == l->all_cap && l->all_cap < PS_WORDS_MAX)
        rc = grow_all(l);
    if (rc)
        return rc;
    uint32_t at = (uint32_t)pc_hash64(w.text.ptr, w.text.len, 0) & l->slot_mask;
    for (; l->slots[at]; at = (at + 1) & l->slot_mask) {
        ps_word *known = &l->all[l->slots[at] - 1];
        if (pc_str_eq(known->text, w.text)) {
            known->df += w.df;
            known->ctf += w.ctf;
            return PARASOL_OK;
        }
    }
    if (l->n_all == l->all_cap) {
        l->out->stopped = true;
        return PARASOL_OK;
    }
    l->out->matched++;
    l->all[l->n_all] = w;
    l->slots[at] = l->n_all + 1;
    return own(l, &l->all[l->n_all++]);
}

/* ---- the walk ----------------------------------------------------------- */

static int take_word(void *ctx, pc_str word, const pc_entry *e, int distance)
{
    lister *l = ctx;
    ps_word w = {word, e->form.df, e->form.ctf, (uint32_t)distance};
    if (l->snap->n_views > 1)
        return add_up(l, w);
    l->out->matched++;
    return offer(l, w, true);
}

static int walk_segments(lister *l, const ps_machine *m, uint8_t field)
{
    ps_dfa dfa;
    ps_walk_params walk = {.work = PS_EXPAND_WORK, .hit = take_word, .ctx = l};
    if (ps_dfa_init(&dfa, m, l->arena))
        return pc_fail_nomem(l->err);
    for (uint32_t i = 0; i < l->snap->n_views; i++) {
        const ps_view *view = &l->snap->views[i];
        bool stopped;
        walk.field = ps_view_field(view, field);
        int rc = ps_dict_walk(&view->seg->dict, &dfa, &walk, &stopped, l->err);
        if (rc)
            return rc;
        l->out->stopped |= stopped;
    }
    return PARASOL_OK;
}

/* "mod = ministry of defence" as the index has it; the key is shorter. */
static pc_str make_key(char *key, pc_str text)
{
    size_t n = sizeof PC_ACRONYM_TYPE - 1, k = 0;
    memcpy(key, PC_ACRONYM_TYPE, n);
    while (k < text.len && text.ptr[k] != ' ')
        key[n++] = text.ptr[k++];
    key[n++] = '=';
    for (k += 3; k < text.len && n < PC_IDENT_MAX; k++)
        key[n++] = text.ptr[k];
    return (pc_str){key, n};
}

/* Leaves out words that only deleted documents hold. */
static int keep_alive(lister *l, uint8_t field)
{
    char key[PC_IDENT_MAX];
    uint32_t kept = 0;
    if (l->snap->dead == 0)
        return PARASOL_OK;
    for (uint32_t i = 0; i < l->n; i++) {
        bool alive;
        pc_str word = l->heap[i].text;
        if (l->acronyms)
            word = make_key(key, word);
        int rc = ps_word_is_alive(l->snap, field, word, &alive, l->err);
        if (rc)
            return rc;
        l->heap[kept] = l->heap[i];
        kept += alive;
    }
    l->out->matched -= l->n - kept;
    l->n = kept;
    return PARASOL_OK;
}

static int finish(lister *l, uint8_t field)
{
    for (uint32_t i = 0; i < l->n_all; i++) {
        int rc = offer(l, l->all[i], false);
        if (rc)
            return rc;
    }
    sort_heap(l);
    int rc = keep_alive(l, field);
    l->out->items = l->heap;
    l->out->n = l->n;
    return rc;
}

int ps_list_words(ps_word_list *out, const ps_snapshot *snap,
                  const ps_pattern *pattern, uint8_t field, uint32_t limit,
                  pc_arena *arena, parasol_error *err)
{
    const ps_machine *m;
    lister l = {
        .snap = snap, .arena = arena, .err = err, .out = out, .limit = limit};
    *out = (ps_word_list){.n = 0};
    int rc = ps_pattern_compile(&m, pattern, arena, err);
    if (!rc)
        rc = walk_segments(&l, m, field);
    return rc ? rc : finish(&l, field);
}

static int take_acronym(void *ctx, pc_str acronym, pc_str text,
                        const pc_entry *e)
{
    lister *l = ctx;
    pc_buf b;
    pc_buf_init(&b, l->arena->mem);
    pc_buf_put_str(&b, acronym);
    pc_buf_put_z(&b, " = ");
    pc_buf_put_str(&b, text);
    ps_word w = {pc_buf_str(&b), e->df, e->ctf, 0};
    int rc = b.status ? pc_fail_nomem(l->err) : add_up(l, w);
    pc_buf_release(&b);
    return rc;
}

int ps_list_acronyms(ps_word_list *out, const ps_snapshot *snap, pc_str prefix,
                     uint8_t field, uint32_t limit, pc_arena *arena,
                     parasol_error *err)
{
    char small[PC_ACRONYM_MAX];
    lister l = {.snap = snap,
                .arena = arena,
                .err = err,
                .out = out,
                .limit = limit,
                .acronyms = true};
    *out = (ps_word_list){.n = 0};
    if (prefix.len > sizeof small)
        return PARASOL_OK;
    for (size_t i = 0; i < prefix.len; i++) {
        bool upper = (uint8_t)(prefix.ptr[i] - 'A') < 26;
        small[i] = (char)(prefix.ptr[i] | (upper ? 0x20 : 0));
    }
    int rc = ps_acronyms_walk(snap, field, (pc_str){small, prefix.len},
                              take_acronym, &l, err);
    return rc ? rc : finish(&l, field);
}
