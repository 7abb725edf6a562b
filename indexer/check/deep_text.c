/*
 * The words of stored texts: analysed again, document by document, and held
 * against the sums that the lists gave.
 *
 * Slices of text and stems are known by their hashes, so that each distinct
 * slice is analysed once.
 */
#include "common/text/frequent.h"
#include "common/text/words.h"
#include "indexer/check/deep.h"
#include "indexer/check/doc_stream.h"

/* Between the last position of the title and the first of the text. */
#define FIELD_GAP 16u

enum state { NOT_INDEXED, HAS_NUMBER, HAS_NONE };

/* What becomes of a slice. */
typedef struct word {
    uint64_t keys[PC_FIELD_COUNT]; /* of its stem */
    uint32_t stem;
    uint32_t frequent;              /* pc_analyzer_frequent */
    char text[PC_FREQUENT_LETTERS]; /* of a frequent stem */
    uint8_t len;
    uint16_t variant;
    uint8_t state; /* HAS_NONE: another stem's form has the entry */
} word;

/* The last place of a stem. */
typedef struct place {
    uint32_t doc, pos; /* doc + 1 */
} place;

/* Numbers by hash, open addressing. */
typedef struct numbers {
    uint64_t *keys; /* 0: free */
    uint32_t *values;
    size_t slots, n;
} numbers;

typedef struct analyst {
    pi_deep *d;
    pc_analyzer *analyzer;
    pi_doc_stream fields, text;
    pc_buf record, body;
    pc_arena arena;
    numbers slices, stems;
    word *words;
    place *places;
    size_t words_cap, places_cap;
    /* The document at hand: */
    uint32_t doc;
    uint32_t language; /* of the segment */
    uint64_t sum, with_variants;
    bool is_certain; /* every form has its number */
    word last;       /* a frequent one, if it is that, */
    uint32_t last_pos;
} analyst;

/* ---- numbers ------------------------------------------------------------ */

static void numbers_release(numbers *t, const pc_mem *mem)
{
    pc_free(mem, t->keys);
    pc_free(mem, t->values);
}

static size_t slot_of(const numbers *t, uint64_t key)
{
    size_t at = (size_t)key & (t->slots - 1);
    while (t->keys[at] && t->keys[at] != key)
        at = (at + 1) & (t->slots - 1);
    return at;
}

static bool grow_numbers(numbers *t, const pc_mem *mem)
{
    numbers next = {.slots = t->slots ? 2 * t->slots : 1024, .n = t->n};
    next.keys = pc_zalloc(mem, next.slots, sizeof *next.keys);
    next.values = pc_alloc(mem, next.slots, sizeof *next.values);
    if (!next.keys || !next.values) {
        numbers_release(&next, mem);
        return false;
    }
    for (size_t i = 0; i < t->slots; i++) {
        if (!t->keys[i])
            continue;
        size_t at = slot_of(&next, t->keys[i]);
        next.keys[at] = t->keys[i];
        next.values[at] = t->values[i];
    }
    numbers_release(t, mem);
    *t = next;
    return true;
}

/* The number of a key; *is_new if it got it now. False: out of memory. */
static bool number_of(numbers *t, uint64_t key, uint32_t *out, bool *is_new,
                      const pc_mem *mem)
{
    key = key ? key : 1;
    if (2 * t->n >= t->slots && !grow_numbers(t, mem))
        return false;
    size_t at = slot_of(t, key);
    *is_new = t->keys[at] == 0;
    if (*is_new) {
        t->keys[at] = key;
        t->values[at] = (uint32_t)t->n++;
    }
    *out = t->values[at];
    return true;
}

/* ---- words -------------------------------------------------------------- */

/* Looks up the number of the form among those of its stem. */
static void find_variant(analyst *a, const pc_term *term, word *w)
{
    pc_key key;
    pc_entry e;
    bool found = false;
    w->state = HAS_NONE;
    if (!pc_key_make(&key, pc_language_field(a->language, PC_FIELD_TEXT),
                     term->form) ||
        pc_dict_find(&a->d->seg->dict, pc_key_str(&key), &found, &e, NULL) ||
        !found || !(e.flags & PC_ENTRY_FORM))
        return;
    size_t kept = term->form.len - e.form.strip;
    if (!(e.flags & PC_ENTRY_SOLE) &&
        (e.form.strip > term->form.len ||
         kept + e.form.add.len != term->stem.len ||
         memcmp(term->stem.ptr, term->form.ptr, kept) != 0 ||
         (e.form.add.len &&
          memcmp(term->stem.ptr + kept, e.form.add.ptr, e.form.add.len) != 0)))
        return;
    if ((e.flags & PC_ENTRY_SOLE) && !pc_str_eq(term->form, term->stem))
        return;
    w->variant = (uint16_t)e.form.variant;
    w->state = HAS_NUMBER;
}

static bool analyse(analyst *a, pc_str raw, uint8_t kind, word *w)
{
    pc_term term;
    bool is_new;
    pc_key key;
    *w = (word){.state = NOT_INDEXED};
    if (pc_analyzer_term(a->analyzer, raw, kind, &term))
        return false;
    if (term.form.len == 0 || term.stem.len == 0)
        return true;
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        if (pc_key_make(&key, pc_language_field(a->language, f), term.stem))
            w->keys[f] = pi_deep_key(pc_key_str(&key));
    }
    find_variant(a, &term, w);
    w->frequent = pc_analyzer_frequent(a->analyzer, term.stem);
    if (w->frequent) {
        memcpy(w->text, term.stem.ptr, term.stem.len);
        w->len = (uint8_t)term.stem.len;
    }
    if (!number_of(&a->stems, w->keys[PC_FIELD_TEXT], &w->stem, &is_new,
                   a->d->mem) ||
        pc_grow(a->d->mem, (void **)&a->places, &a->places_cap, a->stems.n,
                sizeof *a->places))
        return false;
    if (is_new)
        a->places[w->stem] = (place){0, 0};
    return true;
}

/* What becomes of a slice of that kind; NULL: out of memory. */
static const word *word_of(analyst *a, pc_str raw, uint8_t kind)
{
    uint32_t number;
    bool is_new;
    /* A small seed could make up for a difference between two short slices. */
    uint64_t seed = PC_HASH_K1 * (kind + 256 * (uint64_t)a->language + 1);
    if (!number_of(&a->slices, pc_hash64(raw.ptr, raw.len, seed), &number,
                   &is_new, a->d->mem) ||
        pc_grow(a->d->mem, (void **)&a->words, &a->words_cap, a->slices.n,
                sizeof *a->words))
        return NULL;
    if (is_new && !analyse(a, raw, kind, &a->words[number]))
        return NULL;
    return &a->words[number];
}

/* ---- documents ---------------------------------------------------------- */

/* Adds the pair that a frequent word makes with the one before. */
static void add_pair(analyst *a, const word *w, uint32_t pos, bool in_title)
{
    word last = a->last;
    uint32_t last_pos = a->last_pos;
    char bytes[PC_PAIR_MAX];
    pc_key key;
    a->last = *w;
    a->last_pos = pos;
    if (last_pos + 1 != pos ||
        !pc_analyzer_pairs(a->analyzer, last.frequent, w->frequent))
        return;
    size_t n = pc_pair_key(bytes, (pc_str){last.text, last.len},
                           (pc_str){w->text, w->len});
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        if ((f == PC_FIELD_TITLE && !in_title) ||
            !pc_key_make(&key, pc_language_field(a->language, f),
                         (pc_str){bytes, n}))
            continue;
        uint64_t h =
            pi_deep_occurrence(pi_deep_key(pc_key_str(&key)), last_pos);
        a->sum += h;
        a->with_variants += pi_deep_variant(h, 0);
    }
}

static void add_word(analyst *a, const word *w, uint32_t pos, bool in_title)
{
    place *last = &a->places[w->stem];
    if (w->state == NOT_INDEXED ||
        (last->doc == a->doc + 1 && last->pos == pos))
        return;
    *last = (place){a->doc + 1, pos};
    a->is_certain = a->is_certain && w->state == HAS_NUMBER;
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        if (f == PC_FIELD_TITLE && !in_title)
            continue;
        uint64_t h = pi_deep_occurrence(w->keys[f], pos);
        a->sum += h;
        a->with_variants += pi_deep_variant(h, w->variant);
    }
    if (w->frequent)
        add_pair(a, w, pos, in_title);
}

/* Adds the words of a text at positions from *at on, which moves behind them.
   False: out of memory. */
static bool add_text(analyst *a, pc_str text, uint32_t *at, bool in_title)
{
    pc_words words;
    pc_token tok;
    uint32_t end = *at;
    a->last.frequent = 0;
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok)) {
        pc_str raw = {text.ptr + tok.start, tok.end - tok.start};
        const word *w = word_of(a, raw, tok.kind);
        if (!w)
            return false;
        add_word(a, w, *at + tok.pos, in_title);
        end = *at + tok.pos + 1;
    }
    *at = end;
    return true;
}

/* Words are those of the document's language from now on. */
static bool use_language(analyst *a)
{
    const pc_seg_languages *l = &a->d->seg->languages;
    a->language = pc_seg_language_of(l, a->doc);
    uint8_t number = pc_language_of_code(pc_str_of(l->v[a->language].code));
    return number == PC_LANGUAGE_NONE ||
           pc_analyzer_use(a->analyzer, number) == PARASOL_OK;
}

/* Reads title and text of a document. */
static int read_document(analyst *a, pc_str *title, pc_str *text)
{
    const pc_store *s = &a->d->seg->store;
    pc_doc_place e;
    pc_field *fields;
    size_t n;
    pc_buf_clear(&a->record);
    pc_buf_clear(&a->body);
    pc_arena_clear(&a->arena);
    int rc = pc_store_find(s, a->doc, &e, NULL);
    if (!rc)
        rc = pi_doc_stream_read(&a->fields, e.fields_off, e.fields_len,
                                &a->record, NULL);
    pc_buf_put_u8(&a->record, 0);
    if (!rc && a->record.status)
        rc = PARASOL_NOMEM;
    if (!rc)
        rc = pc_store_split(s, a->record.ptr, e.fields_len, &a->arena, &fields,
                            &n, NULL);
    if (!rc)
        rc = pi_doc_stream_read(&a->text, e.text_off, e.text_len, &a->body,
                                NULL);
    if (rc)
        return rc;
    *title = fields[1].value;
    *text = pc_buf_str(&a->body);
    return PARASOL_OK;
}

static void check_document(analyst *a)
{
    pi_deep *d = a->d;
    pc_str title = {"", 0}, text = {"", 0};
    uint32_t at = 0;
    a->sum = a->with_variants = 0;
    a->is_certain = true;
    int rc = read_document(a, &title, &text);
    if (rc == PARASOL_CORRUPT)
        return; /* told when the store was looked at */
    bool ok = !rc && use_language(a) && add_text(a, title, &at, true);
    at += at > 0 ? FIELD_GAP : 0;
    unsigned more = at > 0 ? pc_analyzer_title_weight(a->analyzer) - 1 : 0;
    for (; ok && more > 0; more--) {
        ok = add_text(a, title, &at, false);
        at += FIELD_GAP;
    }
    ok = ok && add_text(a, text, &at, false);
    if (!ok) {
        pi_check_nomem(d->c);
        return;
    }
    if (a->sum != d->words[a->doc])
        pi_deep_document(d, PC_SECTION_POSTINGS, NULL, a->doc,
                         "its words are not those of its stored text");
    else if (a->is_certain && a->with_variants != d->variants[a->doc])
        pi_deep_document(d, PC_SECTION_POSITIONS, NULL, a->doc,
                         "the forms of its words are not those of its stored "
                         "text");
    pi_check_progress(d->c, text.len / 2);
}

/* Is there stored text, or nothing that could be? */
static bool has_text(const pi_deep *d)
{
    bool any = d->seg->store.text.total > 0;
    for (uint32_t i = 0; !any && i < d->docs; i++) {
        if (d->tokens[PC_FIELD_TEXT][i] > d->tokens[PC_FIELD_TITLE][i])
            return false;
    }
    return true;
}

void pi_deep_text(pi_deep *d, pc_analyzer *analyzer)
{
    const pc_store *s = &d->seg->store;
    analyst a = {.d = d, .analyzer = analyzer};
    if (!has_text(d)) {
        pi_note(d->c, d->name,
                "its texts are not stored: whether its words are theirs was "
                "not checked");
        return;
    }
    pc_buf_init(&a.record, d->mem);
    pc_buf_init(&a.body, d->mem);
    pc_arena_init(&a.arena, d->mem, 0);
    if (pi_doc_stream_init(&a.fields, s, &s->fields) ||
        pi_doc_stream_init(&a.text, s, &s->text))
        pi_check_nomem(d->c);
    for (; a.doc < d->docs && !d->c->stopped; a.doc++)
        check_document(&a);
    pi_doc_stream_release(&a.fields);
    pi_doc_stream_release(&a.text);
    pc_arena_release(&a.arena);
    pc_buf_release(&a.record);
    pc_buf_release(&a.body);
    numbers_release(&a.slices, d->mem);
    numbers_release(&a.stems, d->mem);
    pc_free(d->mem, a.words);
    pc_free(d->mem, a.places);
}
