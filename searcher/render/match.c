/*
 * Where a text matches a query.
 *
 * Every term of every leaf is a slot; slots of a leaf are numbered in order.
 * A token finds the slots it fits through a hash of stems and forms, and a
 * small cache keyed by the raw token saves analysing repeated words. A slot
 * other than the first of its leaf counts only if the slot before it was
 * reached by the token before, or as many before as the leaf has between them;
 * reaching the last is a match.
 */
#include "searcher/render/match.h"

#define CACHE_ENTRIES 1024u
#define NO_SLOT UINT32_MAX

typedef struct slot {
    pc_str key; /* stem, or form if exact */
    uint32_t leaf;
    uint32_t next;    /* another slot of the bucket, with a lower number */
    uint32_t reached; /* position of the token that reached it, plus 2 */
    uint32_t start;   /* of the first token of the phrase so far */
    uint32_t gap;     /* positions between the slot before and this one */
    bool loose;       /* one more may be there */
    bool first;
    bool last;
    bool exact;
} slot;

typedef struct cached {
    pc_str raw;            /* in the text; ptr NULL: empty entry */
    const uint32_t *slots; /* numbers, falling */
    uint32_t n;
    uint8_t kind;
} cached;

struct ps_matcher {
    pc_analyzer *an;
    pc_arena *arena;
    pc_str text;
    pc_words tokens;
    pc_token ahead; /* read but not yet matched */
    bool has_ahead;
    bool at_end;
    slot *slots;
    uint32_t slot_count;
    uint32_t *buckets;
    uint32_t bucket_mask;
    uint32_t *found; /* room for slot_count numbers */
    cached *cache;
    uint32_t *last_start; /* of each leaf, plus 1; 0: not seen */
    uint32_t news;        /* where a leaf was last seen for the first time */
    size_t leaf_count;
    ps_match *matches;
    size_t n;
    size_t cap;
};

static uint32_t hash_of(pc_str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (uint8_t)s.ptr[i]) * 16777619u;
    return h ^ (h >> 15);
}

static int make_room(ps_matcher *m)
{
    uint32_t buckets = 16;
    while (buckets < m->slot_count * 2)
        buckets *= 2;
    m->bucket_mask = buckets - 1;
    m->slots = pc_arena_zalloc(m->arena, m->slot_count + 1, sizeof(slot));
    m->found = pc_arena_zalloc(m->arena, m->slot_count + 1, sizeof(uint32_t));
    m->buckets = pc_arena_zalloc(m->arena, buckets, sizeof(uint32_t));
    m->cache = pc_arena_zalloc(m->arena, CACHE_ENTRIES, sizeof(cached));
    m->last_start =
        pc_arena_zalloc(m->arena, m->leaf_count + 1, sizeof(uint32_t));
    if (!m->slots || !m->found || !m->buckets || !m->cache || !m->last_start)
        return PARASOL_NOMEM;
    for (uint32_t i = 0; i < buckets; i++)
        m->buckets[i] = NO_SLOT;
    return PARASOL_OK;
}

/* An identifier may have a word more than it says: "the", the year of a
   resolution, the sector of an act. */
static bool is_ident(const ps_match_term *t)
{
    return t->form.len > 0 && memchr(t->form.ptr, ':', t->form.len);
}

static void add_slots(ps_matcher *m, const ps_highlight_leaf *leaf,
                      uint32_t leaf_id, uint32_t *at)
{
    for (size_t i = 0; i < leaf->n; i++) {
        const ps_match_term *t = &leaf->terms[i];
        slot *s = &m->slots[*at];
        *s = (slot){.key = t->exact ? t->form : t->stem,
                    .leaf = leaf_id,
                    .first = i == 0,
                    .last = i + 1 == leaf->n,
                    .gap = t->gap,
                    .loose = i > 0 && (is_ident(t) || is_ident(t - 1)),
                    .exact = t->exact};
        uint32_t *bucket = &m->buckets[hash_of(s->key) & m->bucket_mask];
        s->next = *bucket;
        *bucket = (*at)++;
    }
}

int ps_matcher_new(ps_matcher **out, const ps_highlighter *h, pc_analyzer *an,
                   pc_str text, pc_arena *arena)
{
    ps_matcher *m = pc_arena_zalloc(arena, 1, sizeof *m);
    uint32_t at = 0, leaf = 0;
    if (!m)
        return PARASOL_NOMEM;
    m->an = an;
    m->arena = arena;
    m->text = text;
    m->leaf_count = h->n;
    for (size_t i = 0; i < h->n; i++)
        m->slot_count += (uint32_t)h->leaves[i].n;
    if (make_room(m))
        return PARASOL_NOMEM;
    for (size_t i = 0; i < h->n; i++) {
        if (!h->leaves[i].again)
            leaf = (uint32_t)i;
        else
            m->last_start[i] = UINT32_MAX; /* nobody waits for it */
        add_slots(m, &h->leaves[i], leaf, &at);
    }
    pc_words_init(&m->tokens, text.ptr, text.len);
    *out = m;
    return PARASOL_OK;
}

/* The next slot from `i` on in its bucket that has this key. */
static uint32_t next_fitting(const ps_matcher *m, uint32_t i, pc_str key,
                             bool exact)
{
    while (i != NO_SLOT &&
           (m->slots[i].exact != exact || !pc_str_eq(m->slots[i].key, key)))
        i = m->slots[i].next;
    return i;
}

/* Slots that fit the term into m->found, falling; their number. */
static uint32_t find_slots(ps_matcher *m, const pc_term *term)
{
    uint32_t n = 0;
    if (term->form.len == 0)
        return 0;
    uint32_t a = m->buckets[hash_of(term->stem) & m->bucket_mask];
    uint32_t b = m->buckets[hash_of(term->form) & m->bucket_mask];
    for (;;) {
        a = next_fitting(m, a, term->stem, false);
        b = next_fitting(m, b, term->form, true);
        if (a == NO_SLOT && b == NO_SLOT)
            return n;
        if (b == NO_SLOT || (a != NO_SLOT && a > b)) {
            m->found[n++] = a;
            a = m->slots[a].next;
        } else {
            m->found[n++] = b;
            b = m->slots[b].next;
        }
    }
}

/* The entry of the token's slice, made if it is not there. NULL: no memory. */
static const cached *look_up(ps_matcher *m, const pc_token *tok)
{
    pc_str raw = {m->text.ptr + tok->start, tok->end - tok->start};
    cached *c = &m->cache[hash_of(raw) % CACHE_ENTRIES];
    pc_term term;
    if (c->raw.ptr && c->kind == tok->kind && pc_str_eq(c->raw, raw))
        return c;
    if (pc_analyzer_term(m->an, raw, tok->kind, &term))
        return NULL;
    uint32_t n = find_slots(m, &term);
    uint32_t *copy = NULL;
    if (n > 0) {
        copy = pc_arena_alloc(m->arena, n * sizeof *copy);
        if (!copy)
            return NULL;
        memcpy(copy, m->found, n * sizeof *copy);
    }
    *c = (cached){raw, copy, n, tok->kind};
    return c;
}

static int add_match(ps_matcher *m, ps_match one)
{
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        ps_match *more = pc_arena_alloc(m->arena, cap * sizeof *more);
        if (!more)
            return PARASOL_NOMEM;
        if (m->n)
            memcpy(more, m->matches, m->n * sizeof *more);
        m->matches = more;
        m->cap = cap;
    }
    /* They come by end; a phrase starts before what was found inside it. */
    size_t i = m->n++;
    for (; i > 0 && m->matches[i - 1].start > one.start; i--)
        m->matches[i] = m->matches[i - 1];
    m->matches[i] = one;
    if (m->last_start[one.leaf] == 0)
        m->news = one.end;
    m->last_start[one.leaf] = one.start + 1;
    return PARASOL_OK;
}

/* Does a token at position `from` go on behind the slot before? */
static bool goes_on(const slot *s, uint32_t from)
{
    uint32_t want = (s - 1)->reached + s->gap;
    return (s - 1)->reached > 0 &&
           (want == from + 1 || (s->loose && want == from));
}

static int match_token(ps_matcher *m, const pc_token *tok)
{
    const cached *c = look_up(m, tok);
    uint32_t from = tok->pos, to = from;
    if (!c)
        return PARASOL_NOMEM;
    /* An identifier stands where its number is, and takes its words in. */
    if (tok->kind == PC_TOKEN_IDENT) {
        from -= tok->back;
        to = from + tok->span - 1;
    }
    for (uint32_t i = 0; i < c->n && m->n < PS_MAX_MATCHES; i++) {
        slot *s = &m->slots[c->slots[i]];
        if (!s->first && !goes_on(s, from))
            continue;
        s->reached = to + 2;
        s->start = s->first ? tok->start : (s - 1)->start;
        if (s->last && add_match(m, (ps_match){s->start, tok->end, s->leaf}))
            return PARASOL_NOMEM;
    }
    return PARASOL_OK;
}

/* Whether every leaf matched inside the last `within` bytes, or nothing new
   has come for long. */
static bool is_complete(const ps_matcher *m, uint32_t within)
{
    uint32_t end = m->ahead.end;
    uint32_t from = end > within ? end - within : 0;
    if (m->n > 0 && end - m->news > PS_SNIPPET_PATIENCE)
        return true;
    for (size_t i = 0; i < m->leaf_count; i++)
        if (m->last_start[i] <= from)
            return false;
    return m->leaf_count > 0;
}

int ps_matcher_run(ps_matcher *m, uint32_t until, uint32_t within,
                   enum ps_matcher_stop *stop)
{
    *stop = PS_MATCH_END;
    while (!m->at_end && m->n < PS_MAX_MATCHES) {
        if (!m->has_ahead && !pc_words_next(&m->tokens, &m->ahead)) {
            m->at_end = true;
            break;
        }
        m->has_ahead = m->ahead.start >= until;
        if (m->has_ahead)
            break;
        size_t before = m->n;
        if (match_token(m, &m->ahead))
            return PARASOL_NOMEM;
        bool told = m->n > before || (m->ahead.pos & 63) == 0;
        if (within && told && is_complete(m, within)) {
            *stop = PS_MATCH_COMPLETE;
            break;
        }
    }
    return PARASOL_OK;
}

const ps_match *ps_matcher_matches(ps_matcher *m, size_t *n)
{
    *n = m->n;
    return m->matches;
}
