/*
 * Collecting the words that match, stem by stem.
 */
#include "searcher/expand/expansion.h"

#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/base/sort.h"
#include "searcher/expand/dict_walk.h"

/* A word that matches, in one segment. */
typedef struct found {
    struct found *next;
    pc_str word;
    uint32_t seg; /* the view */
    uint32_t variant;
    uint32_t df;
    uint64_t ctf;
    const pc_entry *stem; /* the stem's, if it is the word itself; or NULL */
} found;

typedef struct group {
    pc_str stem;
    uint32_t distance;
    uint64_t df; /* of its words, added up */
    uint32_t n;  /* words */
    found *words;
} group;

typedef struct collector {
    const ps_snapshot *snap;
    pc_arena *arena;  /* of what is kept */
    pc_arena scratch; /* of the rest: perhaps a hundred times as much */
    parasol_error *err;
    uint8_t field;
    uint32_t seg;
    group *groups;
    uint32_t n, cap;
    uint32_t *slots; /* hash table: group + 1, or 0 */
    uint32_t slot_mask;
    ps_expansion *out;
} collector;

bool ps_form_stem(pc_str word, const pc_entry *e, char *room, pc_str *stem)
{
    size_t keep = word.len - e->form.strip;
    if (e->flags & PC_ENTRY_SOLE) {
        *stem = word;
        return true;
    }
    if (e->form.strip > word.len || keep + e->form.add.len > PC_KEY_MAX)
        return false;
    memcpy(room, word.ptr, keep);
    if (e->form.add.len)
        memcpy(room + keep, e->form.add.ptr, e->form.add.len);
    *stem = (pc_str){room, keep + e->form.add.len};
    return true;
}

/* ---- collecting --------------------------------------------------------- */

static int grow(collector *c)
{
    uint32_t cap = c->cap ? 2 * c->cap : 64, n_slots = 4 * cap;
    group *groups = pc_arena_zalloc(&c->scratch, cap, sizeof *groups);
    uint32_t *slots = pc_arena_zalloc(&c->scratch, n_slots, sizeof *slots);
    if (!groups || !slots)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < c->n; i++) {
        groups[i] = c->groups[i];
        pc_str s = groups[i].stem;
        uint32_t at = (uint32_t)pc_hash64(s.ptr, s.len, 0) & (n_slots - 1);
        while (slots[at])
            at = (at + 1) & (n_slots - 1);
        slots[at] = i + 1;
    }
    c->groups = groups;
    c->slots = slots;
    c->slot_mask = n_slots - 1;
    c->cap = cap;
    return PARASOL_OK;
}

/* The group of a stem, perhaps a new one; *out NULL: there are too many. */
static int find_group(collector *c, pc_str stem, group **out)
{
    *out = NULL;
    if (c->n == c->cap && c->cap < PS_EXPAND_STEMS_MAX && grow(c))
        return PARASOL_NOMEM;
    uint32_t at = (uint32_t)pc_hash64(stem.ptr, stem.len, 0) & c->slot_mask;
    for (; c->slots[at]; at = (at + 1) & c->slot_mask) {
        group *g = &c->groups[c->slots[at] - 1];
        if (pc_str_eq(g->stem, stem)) {
            *out = g;
            return PARASOL_OK;
        }
    }
    if (c->n == c->cap)
        return PARASOL_OK;
    group *g = &c->groups[c->n];
    *g = (group){.distance = UINT32_MAX};
    g->stem.len = stem.len;
    g->stem.ptr = pc_arena_copy(&c->scratch, stem.ptr, stem.len);
    if (!g->stem.ptr)
        return PARASOL_NOMEM;
    c->slots[at] = ++c->n;
    *out = g;
    return PARASOL_OK;
}

static found *new_found(collector *c, pc_str word, const pc_entry *e)
{
    found *f = pc_arena_zalloc(&c->scratch, 1, sizeof *f);
    if (!f)
        return NULL;
    f->word.ptr = pc_arena_copy(&c->scratch, word.ptr, word.len);
    f->word.len = word.len;
    f->seg = c->seg;
    f->variant = e->form.variant;
    f->df = e->form.df;
    f->ctf = e->form.ctf;
    return f->word.ptr ? f : NULL;
}

static int take_word(void *ctx, pc_str word, const pc_entry *e, int distance)
{
    collector *c = ctx;
    char room[PC_KEY_MAX];
    pc_str stem;
    group *g;
    if (!ps_form_stem(word, e, room, &stem))
        return pc_fail(c->err, PARASOL_CORRUPT, "%s: the dictionary is damaged",
                       pc_sealed_path(c->snap->views[c->seg].seg->file));
    c->out->words++;
    if (find_group(c, stem, &g))
        return pc_fail_nomem(c->err);
    if (!g) {
        c->out->stopped = true;
        return PARASOL_OK;
    }
    found *f = new_found(c, word, e);
    if (f && (e->flags & PC_ENTRY_TERM) && pc_str_eq(stem, word)) {
        pc_entry *own = pc_arena_alloc(&c->scratch, sizeof *own);
        f->stem = own;
        if (own)
            *own = *e;
    }
    if (!f || ((e->flags & PC_ENTRY_SOLE) && !f->stem))
        return pc_fail_nomem(c->err);
    f->next = g->words;
    g->words = f;
    g->n++;
    g->df += f->df;
    if ((uint32_t)distance < g->distance)
        g->distance = (uint32_t)distance;
    return PARASOL_OK;
}

/* ---- choosing ----------------------------------------------------------- */

static int by_stem(uint32_t a, uint32_t b, void *ctx)
{
    const collector *c = ctx;
    return pc_str_cmp(c->groups[a].stem, c->groups[b].stem);
}

/* Among those as good as the last one kept, the first by their bytes are kept,
   so that it does not matter how the index is cut into segments. */
static int break_tie(collector *c, pc_sort_item *items, uint32_t limit)
{
    uint32_t from = limit, to = limit;
    while (from > 0 && items[from - 1].key == items[limit - 1].key)
        from--;
    while (to < c->n && items[to].key == items[limit - 1].key)
        to++;
    uint32_t *tied = pc_arena_zalloc(&c->scratch, to - from, sizeof *tied);
    if (!tied)
        return PARASOL_NOMEM;
    for (uint32_t i = from; i < to; i++)
        tied[i - from] = items[i].value;
    if (pc_sort_u32(tied, to - from, by_stem, c, c->scratch.mem))
        return PARASOL_NOMEM;
    for (uint32_t i = from; i < to; i++)
        items[i].value = tied[i - from];
    return PARASOL_OK;
}

/* Sorts the groups, the best first, and keeps the best `limit`. */
static int choose(collector *c, uint32_t limit, const group ***out, uint32_t *n)
{
    pc_sort_item *items = pc_arena_zalloc(&c->scratch, c->n, sizeof *items);
    *n = c->n < limit ? c->n : limit;
    *out = pc_arena_zalloc(&c->scratch, *n, sizeof **out);
    if (!items || !*out)
        return PARASOL_NOMEM;
    const uint64_t most = (UINT64_C(1) << 48) - 1;
    for (uint32_t i = 0; i < c->n; i++) {
        const group *g = &c->groups[i];
        uint64_t df = g->df < most ? g->df : most;
        items[i].key = ((uint64_t)g->distance << 48) | (most - df);
        items[i].value = i;
    }
    if (pc_sort_keys(items, c->n, c->scratch.mem))
        return PARASOL_NOMEM;
    if (limit > 0 && limit < c->n && break_tie(c, items, limit))
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < *n; i++)
        (*out)[i] = &c->groups[items[i].value];
    return PARASOL_OK;
}

/* ---- resolving ---------------------------------------------------------- */

/* The set of the group's forms in a segment. NULL: NOMEM. */
static const ps_form_set *make_set(collector *c, const group *g, uint32_t seg)
{
    ps_form_set *s = pc_arena_zalloc(c->arena, 1, sizeof *s);
    uint32_t *rest = NULL;
    for (const found *f = g->words; s && f; f = f->next) {
        if (f->seg != seg)
            continue;
        if (f->variant < 64) {
            s->low |= UINT64_C(1) << f->variant;
            continue;
        }
        if (!rest)
            s->rest = rest = pc_arena_zalloc(c->arena, g->n, sizeof *rest);
        if (!rest)
            return NULL;
        rest[s->n++] = f->variant;
    }
    return s;
}

/* What is known of a group over all segments. */
typedef struct sums {
    uint64_t df, ctf; /* of the stem */
    uint64_t words_df, words_ctf;
} sums;

/* Finds the stem's entry in a segment; e->flags 0: it is not there. */
static int find_entry(collector *c, const group *g, uint32_t seg,
                      const pc_entry *known, pc_entry *e)
{
    pc_key key;
    bool there = false;
    const ps_view *view = &c->snap->views[seg];
    const pc_seg *s = view->seg;
    e->flags = 0;
    if (known) {
        *e = *known;
    } else if (pc_key_make(&key, ps_view_field(view, c->field), g->stem)) {
        int rc = pc_dict_find(&s->dict, pc_key_str(&key), &there, e, c->err);
        if (rc)
            return rc;
        if (!there || !(e->flags & PC_ENTRY_TERM))
            e->flags = 0;
    }
    if (!e->flags || e->df <= s->docs)
        return PARASOL_OK;
    return pc_fail(c->err, PARASOL_CORRUPT,
                   "%s: the dictionary is damaged: a word is in %u of %u "
                   "documents",
                   pc_sealed_path(s->file), e->df, s->docs);
}

static int resolve_segment(collector *c, const group *g, uint32_t seg,
                           ps_expanded *x, sums *all)
{
    const pc_entry *known = NULL;
    uint64_t ctf = 0;
    pc_entry *e = &x->entries[seg];
    for (const found *f = g->words; f; f = f->next) {
        if (f->seg != seg)
            continue;
        ctf += f->ctf;
        all->words_df += f->df;
        known = f->stem ? f->stem : known;
    }
    int rc = find_entry(c, g, seg, known, e);
    if (rc || !e->flags)
        return rc;
    all->df += e->df;
    all->ctf += e->ctf;
    all->words_ctf += ctf;
    if (ctf == 0) {
        e->flags = 0; /* other forms only */
        return PARASOL_OK;
    }
    if (ctf == e->ctf)
        return PARASOL_OK;
    x->some = true;
    x->sets[seg] = make_set(c, g, seg);
    return x->sets[seg] ? PARASOL_OK : pc_fail_nomem(c->err);
}

static int keep_text(collector *c, pc_str text, pc_str *out)
{
    out->ptr = pc_arena_copy(c->arena, text.ptr, text.len);
    out->len = text.len;
    return out->ptr ? PARASOL_OK : PARASOL_NOMEM;
}

/* The distinct words of a group, in the order they were found. */
static int list_words(collector *c, const group *g, ps_expanded *x)
{
    x->words = pc_arena_zalloc(c->arena, g->n, sizeof *x->words);
    if (!x->words)
        return pc_fail_nomem(c->err);
    for (const found *f = g->words; f; f = f->next) {
        bool seen = false;
        for (uint32_t i = 0; c->snap->n_views > 1 && i < x->n_words; i++)
            seen |= pc_str_eq(x->words[i], f->word);
        if (!seen && keep_text(c, f->word, &x->words[x->n_words++]))
            return pc_fail_nomem(c->err);
    }
    return PARASOL_OK;
}

static int resolve(collector *c, const group *g, ps_expanded *x)
{
    uint32_t segs = c->snap->n_views;
    x->distance = g->distance;
    x->entries = pc_arena_zalloc(c->arena, segs, sizeof *x->entries);
    x->sets = pc_arena_zalloc(c->arena, segs, sizeof *x->sets);
    if (!x->entries || !x->sets || keep_text(c, g->stem, &x->stem))
        return pc_fail_nomem(c->err);
    sums all = {0, 0, 0, 0};
    int rc = list_words(c, g, x);
    for (uint32_t i = 0; i < segs && !rc; i++)
        rc = resolve_segment(c, g, i, x, &all);
    bool some = all.words_ctf != all.ctf && all.words_df < all.df;
    x->df = some ? all.words_df : all.df;
    c->out->kept += g->n;
    return rc;
}

/* ---- the whole ---------------------------------------------------------- */

static int walk_segments(collector *c, const ps_pattern *pattern,
                         const ps_expand_params *params)
{
    const ps_machine *m;
    ps_dfa dfa;
    ps_walk_params walk = {.work = params->work ? params->work : PS_EXPAND_WORK,
                           .hit = take_word,
                           .ctx = c,
                           .deadline = params->deadline};
    int rc = ps_pattern_compile(&m, pattern, &c->scratch, c->err);
    if (rc)
        return rc;
    if (ps_dfa_init(&dfa, m, &c->scratch))
        return pc_fail_nomem(c->err);
    for (c->seg = 0; c->seg < c->snap->n_views && !rc; c->seg++) {
        const ps_view *view = &c->snap->views[c->seg];
        bool stopped;
        walk.field = ps_view_field(view, params->field);
        rc = ps_dict_walk(&view->seg->dict, &dfa, &walk, &stopped, c->err);
        c->out->unfinished |= !rc && stopped;
    }
    c->out->work = dfa.work;
    return rc;
}

static int expand(collector *c, const ps_pattern *pattern,
                  const ps_expand_params *params)
{
    const group **chosen;
    ps_expansion *out = c->out;
    if (grow(c))
        return pc_fail_nomem(c->err);
    int rc = walk_segments(c, pattern, params);
    if (rc)
        return rc;
    if (choose(c, params->limit, &chosen, &out->n))
        return pc_fail_nomem(c->err);
    out->items = pc_arena_zalloc(c->arena, out->n, sizeof *out->items);
    if (!out->items)
        return pc_fail_nomem(c->err);
    for (uint32_t i = 0; i < out->n && !rc; i++)
        rc = resolve(c, chosen[i], &out->items[i]);
    return rc;
}

int ps_expand(ps_expansion *out, const ps_snapshot *snap,
              const ps_pattern *pattern, ps_expand_params params,
              pc_arena *arena, parasol_error *err)
{
    collector c = {.snap = snap,
                   .arena = arena,
                   .err = err,
                   .field = params.field,
                   .out = out};
    *out = (ps_expansion){.n = 0};
    pc_arena_init(&c.scratch, arena->mem, 0);
    int rc = expand(&c, pattern, &params);
    pc_arena_release(&c.scratch);
    return rc;
}
