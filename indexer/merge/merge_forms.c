/*
 * Forms of several segments: gathered in one scan of the dictionaries, sorted
 * by stem, numbered in a second scan.
 */
#include "indexer/merge/merge_forms.h"

#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/codec/varint.h"
#include "common/text/frequent.h"
#include "indexer/merge/merge_lists.h"

enum {
    IS_STEM = 1, /* the form is its own stem */
    IS_SOLE = 2, /* and nothing else is left of the stem's forms */
    IS_LAST = 4, /* it shares its number with others already */
    OWN_SOLE = 8 /* first form of its stem: all that is left is the form that
                    is the stem and has no record */
};

static int damaged(const pi_forms *f, parasol_error *err)
{
    return pc_fail(err, PARASOL_CORRUPT,
                   "%s: forms and stems of a dictionary do not fit together",
                   pc_sealed_path(f->docs->segs[0]->file));
}

/* ---- records ------------------------------------------------------------ */

/* record = stem_len stem pairs (source variant)*pairs, all numbers varints. */
typedef struct record {
    pc_str stem;
    const uint8_t *pairs, *end;
    uint32_t left;
} record;

static const uint8_t *number(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
    *v = 0;
    return pc_varint_get32(p, end, v);
}

static record open_record(const pi_forms *f, uint32_t form)
{
    record r = {.end = f->records.ptr + f->records.len};
    uint32_t len;
    const uint8_t *p = number(f->records.ptr + f->at[form], r.end, &len);
    r.stem = (pc_str){(const char *)p, len};
    r.pairs = number(p + len, r.end, &r.left);
    return r;
}

static bool next_pair(record *r, uint32_t *source, uint32_t *variant)
{
    if (r->left == 0)
        return false;
    r->left--;
    r->pairs = number(r->pairs, r->end, source);
    r->pairs = number(r->pairs, r->end, variant);
    return true;
}

static uint32_t variant_of(const pc_entry *e)
{
    return e->flags & PC_ENTRY_SOLE ? 0 : e->form.variant;
}

static pi_form_count count_of(const pc_entry *e)
{
    return e->flags & PC_ENTRY_SOLE ? (pi_form_count){e->df, e->ctf}
                                    : (pi_form_count){e->form.df, e->form.ctf};
}

/* ---- gathering ---------------------------------------------------------- */

/* Grows what is kept of each form. */
static int grow(pi_forms *f)
{
    size_t n = (size_t)f->n + 1;
    if (pc_grow(f->mem, (void **)&f->at, &f->at_cap, n, sizeof *f->at) ||
        pc_grow(f->mem, (void **)&f->ctf, &f->ctf_cap, n, sizeof *f->ctf) ||
        pc_grow(f->mem, (void **)&f->flags, &f->flags_cap, n, 1))
        return PARASOL_NOMEM;
    f->ctf[f->n] = 0;
    f->flags[f->n] = 0;
    f->at[f->n] = f->records.len;
    if (!f->counts)
        return PARASOL_OK;
    n *= PC_FIELD_COUNT;
    if (pc_grow(f->mem, (void **)&f->counts, &f->counts_cap, n,
                sizeof *f->counts))
        return PARASOL_NOMEM;
    memset(f->counts + n - PC_FIELD_COUNT, 0,
           PC_FIELD_COUNT * sizeof *f->counts);
    return PARASOL_OK;
}

/* The stem that a form names, into `out`. */
static bool make_stem(char out[PC_KEY_MAX], size_t *len, pc_str word,
                      const pc_entry *e)
{
    bool sole = e->flags & PC_ENTRY_SOLE;
    size_t strip = sole ? 0 : e->form.strip;
    size_t add = sole ? 0 : e->form.add.len;
    if (strip > word.len || word.len - strip + add > PC_KEY_MAX - 1)
        return false;
    memcpy(out, word.ptr, word.len - strip);
    if (add > 0)
        memcpy(out + word.len - strip, e->form.add.ptr, add);
    *len = word.len - strip + add;
    return *len > 0;
}

/* Adds what one segment's entry, of any field, says of the form. */
static void add_counts(pi_forms *f, uint32_t lane, const pc_entry *e)
{
    uint8_t field = (uint8_t)(lane % PC_FIELD_COUNT);
    size_t s = lane / PC_FIELD_COUNT;
    pi_form_count c = count_of(e);
    if (f->docs->sources[s].live)
        return; /* counted by and by */
    if (field == PC_FIELD_TEXT)
        f->ctf[f->n] += c.ctf;
    if (f->counts) {
        pi_form_count *to = &f->counts[f->n * PC_FIELD_COUNT + field];
        to->df += c.df;
        to->ctf += c.ctf;
    }
}

/* Whether the word gets a record; *forms counts the segments it is a form
   in. */
static bool wants_record(const pi_words *words, uint32_t *forms)
{
    bool any = false;
    *forms = 0;
    for (size_t i = 0; i < words->n_present; i++) {
        const pc_entry *e = words->entries[words->present[i]];
        if (words->present[i] % PC_FIELD_COUNT == PC_FIELD_TEXT &&
            (e->flags & PC_ENTRY_FORM)) {
            any |= !(e->flags & PC_ENTRY_SOLE);
            ++*forms;
        }
    }
    return any;
}

static int gather_word(pi_forms *f, const pi_words *words, parasol_error *err)
{
    char stem[PC_KEY_MAX], other[PC_KEY_MAX];
    size_t len = 0, other_len;
    uint32_t forms;
    if (!wants_record(words, &forms))
        return PARASOL_OK;
    if (f->n >= PI_NO_FORM - 1)
        return pc_fail(err, PARASOL_FULL, "too many different words");
    if (grow(f))
        return pc_fail_nomem(err);
    for (size_t i = 0; i < words->n_present; i++) {
        uint32_t lane = words->present[i];
        const pc_entry *e = words->entries[lane];
        if (!(e->flags & PC_ENTRY_FORM))
            continue;
        if (!make_stem(other, &other_len, words->word, e) ||
            (len > 0 && (len != other_len || memcmp(stem, other, len) != 0)))
            return damaged(f, err);
        if (len == 0) {
            memcpy(stem, other, other_len);
            len = other_len;
            pc_varint_append(&f->records, len);
            pc_buf_put(&f->records, stem, len);
            pc_varint_append(&f->records, forms);
        }
        add_counts(f, lane, e);
        if (lane % PC_FIELD_COUNT != PC_FIELD_TEXT)
            continue;
        pc_varint_append(&f->records, lane / PC_FIELD_COUNT);
        pc_varint_append(&f->records, variant_of(e));
        if (variant_of(e) == PI_VARIANT_LAST)
            f->flags[f->n] |= IS_LAST;
    }
    if (pc_str_eq((pc_str){stem, len}, words->word))
        f->flags[f->n] |= IS_STEM;
    f->n++;
    return f->records.status ? pc_fail_nomem(err) : PARASOL_OK;
}

static int gather(pi_forms *f, parasol_error *err)
{
    pi_words words;
    int rc = pi_words_init(&words, f->docs->segs, f->docs->n, f->language,
                           f->mem, err);
    while (!rc) {
        rc = pi_words_next(&words, err);
        if (!rc)
            rc = gather_word(f, &words, err);
    }
    pi_words_release(&words);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

static int compare_stems(uint32_t a, uint32_t b, void *forms)
{
    return pc_str_cmp(open_record(forms, a).stem, open_record(forms, b).stem);
}

/* Sorts by the first eight bytes of the stem, then the runs that have them in
   common. */
static int sort_by_stem(pi_forms *f)
{
    pc_sort_item *keys = pc_alloc(f->mem, f->n, sizeof *keys);
    f->by_stem = pc_alloc(f->mem, f->n, sizeof *f->by_stem);
    f->own = pc_zalloc(f->mem, f->n, sizeof *f->own);
    f->variants = pc_zalloc(f->mem, f->n, sizeof *f->variants);
    int rc = keys && f->by_stem && f->own && f->variants ? PARASOL_OK
                                                         : PARASOL_NOMEM;
    for (uint32_t i = 0; !rc && i < f->n; i++)
        keys[i] = (pc_sort_item){pc_key_prefix(open_record(f, i).stem), i};
    if (!rc)
        rc = pc_sort_keys(keys, f->n, f->mem);
    for (uint32_t i = 0; !rc && i < f->n; i++)
        f->by_stem[i] = keys[i].value;
    for (uint32_t i = 0, n = 1; !rc && i < f->n; i += n, n = 1) {
        while (i + n < f->n && keys[i + n].key == keys[i].key)
            n++;
        if (n > 1)
            rc = pc_sort_u32(f->by_stem + i, n, compare_stems, f, f->mem);
    }
    pc_free(f->mem, keys);
    return rc;
}

/* ---- walking ------------------------------------------------------------ */

bool pi_forms_walk_next(pi_forms_walk *k, const pi_forms *f,
                        const pi_words *words)
{
    uint32_t forms;
    k->form = wants_record(words, &forms) ? k->next_form++ : PI_NO_FORM;
    if (k->next_form > f->n)
        return false;
    k->lo = k->hi;
    while (k->hi < f->n &&
           pc_str_eq(open_record(f, f->by_stem[k->hi]).stem, words->word))
        k->hi++;
    /* A stem that is no word: all from there on would be missed. */
    return k->hi > k->lo || k->lo == f->n ||
           pc_str_cmp(open_record(f, f->by_stem[k->lo]).stem, words->word) > 0;
}

/* The word has no record and still is a form of a stem that has others. */
static bool is_own_form(const pi_forms_walk *k, const pi_words *words)
{
    if (k->form != PI_NO_FORM || k->hi == k->lo)
        return false;
    for (size_t i = 0; i < words->n_present; i++) {
        if (words->present[i] % PC_FIELD_COUNT == PC_FIELD_TEXT &&
            (words->entries[words->present[i]]->flags & PC_ENTRY_FORM))
            return true;
    }
    return false;
}

/* ---- numbering ---------------------------------------------------------- */

typedef struct numbering {
    pi_forms *f;
    uint64_t own_ctf; /* of the form without a record */
} numbering;

static uint64_t ctf_of(const numbering *n, uint32_t form)
{
    return form == PI_NO_FORM ? n->own_ctf : n->f->ctf[form];
}

static int compare_frequency(uint32_t a, uint32_t b, void *ctx)
{
    uint64_t x = ctf_of(ctx, a), y = ctf_of(ctx, b);
    return x > y ? -1 : x < y;
}

/* The forms of a stem that stay, in byte order; PI_NO_FORM stands for the one
   without a record. */
static uint32_t list_group(const numbering *n, const pi_forms_walk *k, bool own,
                           uint32_t *out)
{
    const pi_forms *f = n->f;
    uint32_t len = 0;
    own = own && n->own_ctf > 0;
    for (uint32_t i = k->lo; i < k->hi; i++) {
        uint32_t form = f->by_stem[i];
        if (own && form >= k->next_form) {
            out[len++] = PI_NO_FORM;
            own = false;
        }
        if (f->ctf[form] > 0)
            out[len++] = form;
    }
    if (own)
        out[len++] = PI_NO_FORM;
    return len;
}

/* Numbers the forms of the walk's word, of which `own_ctf` occurrences are of
   the form without a record. */
static int number_group(pi_forms *f, const pi_forms_walk *k, bool own,
                        uint64_t own_ctf)
{
    numbering n = {f, own_ctf};
    uint32_t *group = pc_alloc(f->mem, k->hi - k->lo + 1, sizeof *group);
    if (!group)
        return PARASOL_NOMEM;
    uint32_t len = list_group(&n, k, own, group), next = 0;
    int rc = pc_sort_u32(group, len, compare_frequency, &n, f->mem);
    for (uint32_t i = 0; !rc && i < len; i++) {
        uint32_t form = group[i];
        bool shared = form != PI_NO_FORM && (f->flags[form] & IS_LAST);
        uint16_t v = PI_VARIANT_LAST;
        if (!shared && next < PI_VARIANT_LAST)
            v = (uint16_t)next++;
        if (form == PI_NO_FORM) {
            f->own[k->lo] = v;
            if (len == 1)
                f->flags[f->by_stem[k->lo]] |= OWN_SOLE;
            continue;
        }
        f->variants[form] = v;
        if (len == 1 && (f->flags[form] & IS_STEM))
            f->flags[form] |= IS_SOLE;
    }
    pc_free(f->mem, group);
    return rc;
}

/* What stays of the walk's word where documents are dropped: its forms get
   their counts, *own_ctf what the form without a record has. */
static int recount(pi_forms *f, const pi_forms_walk *k, const pi_words *words,
                   struct pi_lists *lists, uint32_t lane, bool own,
                   uint64_t *own_ctf, uint64_t *length, parasol_error *err)
{
    uint8_t field = (uint8_t)(lane % PC_FIELD_COUNT);
    uint32_t s = lane / PC_FIELD_COUNT, source, old, room = 1;
    pi_form_count all = {0, 0};
    for (uint32_t i = k->lo; i < k->hi; i++) {
        record r = open_record(f, f->by_stem[i]);
        while (next_pair(&r, &source, &old))
            room = source == s && old >= room ? old + 1 : room;
    }
    pi_form_count *counts = pc_zalloc(f->mem, room, sizeof *counts);
    if (!counts)
        return pc_fail_nomem(err);
    int rc =
        pi_lists_count(lists, s, words->entries[lane], counts, room, &all, err);
    if (!pc_is_pair(words->word)) /* its words have been counted */
        *length += all.ctf;
    if (own && field == PC_FIELD_TEXT)
        *own_ctf += all.ctf;
    for (uint32_t i = k->lo; !rc && i < k->hi; i++) {
        uint32_t form = f->by_stem[i];
        record r = open_record(f, form);
        while (next_pair(&r, &source, &old)) {
            if (source != s)
                continue;
            pi_form_count *to = &f->counts[form * PC_FIELD_COUNT + field];
            to->df += counts[old].df;
            to->ctf += counts[old].ctf;
            if (field == PC_FIELD_TEXT)
                f->ctf[form] += counts[old].ctf;
        }
    }
    pc_free(f->mem, counts);
    return rc;
}

static int number_word(pi_forms *f, const pi_forms_walk *k,
                       const pi_words *words, struct pi_lists *lists,
                       uint64_t *lengths, parasol_error *err)
{
    bool own = is_own_form(k, words);
    uint64_t own_ctf = 0;
    for (size_t i = 0; i < words->n_present; i++) {
        uint32_t lane = words->present[i];
        const pc_entry *e = words->entries[lane];
        bool is_own = own && (e->flags & PC_ENTRY_FORM);
        int rc = PARASOL_OK;
        if (!(e->flags & PC_ENTRY_TERM))
            continue;
        if (f->docs->sources[lane / PC_FIELD_COUNT].live)
            rc = recount(f, k, words, lists, lane, is_own, &own_ctf,
                         &lengths[lane % PC_FIELD_COUNT], err);
        else if (is_own && lane % PC_FIELD_COUNT == PC_FIELD_TEXT)
            own_ctf += count_of(e).ctf;
        if (rc)
            return rc;
    }
    if (k->hi > k->lo && number_group(f, k, own, own_ctf))
        return pc_fail_nomem(err);
    return PARASOL_OK;
}

static int number_all(pi_forms *f, struct pi_lists *lists, uint64_t *lengths,
                      parasol_error *err)
{
    pi_words words;
    pi_forms_walk k = {0};
    int rc = pi_words_init(&words, f->docs->segs, f->docs->n, f->language,
                           f->mem, err);
    while (!rc) {
        rc = pi_words_next(&words, err);
        if (!rc && !pi_forms_walk_next(&k, f, &words))
            rc = damaged(f, err);
        if (!rc)
            rc = number_word(f, &k, &words, lists, lengths, err);
    }
    pi_words_release(&words);
    if (rc != PARASOL_NOTFOUND)
        return rc;
    return k.hi < f->n ? damaged(f, err) : PARASOL_OK;
}

/* ---- what others ask ---------------------------------------------------- */

/* Room for variants up to `old`, those that are new unknown. */
static int map_room(const pi_forms *f, pi_variant_map *m, uint32_t old)
{
    if (old < m->n)
        return PARASOL_OK;
    if (pc_grow(f->mem, (void **)&m->to, &m->cap, (size_t)old + 1,
                sizeof *m->to))
        return PARASOL_NOMEM;
    while (m->n <= old)
        m->to[m->n++] = PI_NO_FORM;
    return PARASOL_OK;
}

int pi_forms_maps(const pi_forms *f, const pi_forms_walk *k,
                  const pi_words *words, pi_variant_map *maps)
{
    bool own = is_own_form(k, words);
    for (size_t i = 0; i < words->n_present; i++) {
        pi_variant_map *m = &maps[words->present[i] / PC_FIELD_COUNT];
        m->n = 0;
        if (map_room(f, m, 0))
            return PARASOL_NOMEM;
        if (own)
            m->to[0] = f->own[k->lo];
        else if (k->lo == k->hi)
            m->to[0] = 0;
        m->is_identity = m->to[0] == 0;
    }
    for (uint32_t i = k->lo; i < k->hi; i++) {
        uint32_t form = f->by_stem[i], source, old;
        record r = open_record(f, form);
        while (next_pair(&r, &source, &old)) {
            pi_variant_map *m = &maps[source];
            if (map_room(f, m, old))
                return PARASOL_NOMEM;
            m->to[old] = f->variants[form];
        }
    }
    for (size_t i = 0; k->lo < k->hi && i < words->n_present; i++) {
        pi_variant_map *m = &maps[words->present[i] / PC_FIELD_COUNT];
        m->is_identity = true;
        for (uint32_t v = 0; v < m->n; v++)
            m->is_identity &= m->to[v] == v;
    }
    return PARASOL_OK;
}

/* What the segments say of the word as a form in the field, added up; the
   first that has it is in *first. */
static pi_form_count sum_entries(const pi_words *words, uint8_t field,
                                 const pc_entry **first)
{
    pi_form_count sum = {0, 0};
    *first = NULL;
    for (size_t i = 0; i < words->n_present; i++) {
        const pc_entry *e = words->entries[words->present[i]];
        if (words->present[i] % PC_FIELD_COUNT != field ||
            !(e->flags & PC_ENTRY_FORM))
            continue;
        pi_form_count c = count_of(e);
        sum.df += c.df;
        sum.ctf += c.ctf;
        if (!*first || (*first)->flags & PC_ENTRY_SOLE)
            *first = e;
    }
    return sum;
}

void pi_forms_entry(const pi_forms *f, const pi_forms_walk *k,
                    const pi_words *words, uint8_t field,
                    const pi_form_count *own, pc_entry *e)
{
    const pc_entry *first;
    pi_form_count c = sum_entries(words, field, &first);
    uint16_t variant = 0;
    bool sole = false;
    if (!first)
        return;
    if (k->form == PI_NO_FORM) {
        c = *own;
        sole = k->lo == k->hi || f->flags[f->by_stem[k->lo]] & OWN_SOLE;
        variant = k->lo == k->hi ? 0 : f->own[k->lo];
    } else {
        if (f->counts)
            c = f->counts[k->form * PC_FIELD_COUNT + field];
        sole = f->flags[k->form] & IS_SOLE;
        variant = f->variants[k->form];
    }
    if (c.df == 0)
        return;
    e->flags |= PC_ENTRY_FORM;
    if (sole)
        e->flags |= PC_ENTRY_SOLE;
    e->form = (pc_form_info){
        .variant = variant, .df = c.df, .ctf = c.ctf, .add = PC_STR_LIT("")};
    if (!(first->flags & PC_ENTRY_SOLE)) {
        e->form.strip = first->form.strip;
        e->form.add = first->form.add;
    }
}

/* ---- making ------------------------------------------------------------- */

int pi_forms_init(pi_forms *f, const pi_docs *docs, pc_str language,
                  struct pi_lists *lists, uint64_t lengths[PC_FIELD_COUNT],
                  parasol_error *err)
{
    *f = (pi_forms){.mem = docs->mem, .docs = docs, .language = language};
    pc_buf_init(&f->records, f->mem);
    for (size_t s = 0; s < docs->n; s++) {
        if (docs->sources[s].live && !f->counts &&
            pc_grow(f->mem, (void **)&f->counts, &f->counts_cap, 64,
                    sizeof *f->counts))
            return pc_fail_nomem(err);
    }
    int rc = gather(f, err);
    if (!rc && sort_by_stem(f))
        rc = pc_fail_nomem(err);
    if (!rc)
        rc = number_all(f, lists, lengths, err);
    pc_free(f->mem, f->ctf);
    f->ctf = NULL;
    return rc;
}

void pi_forms_release(pi_forms *f)
{
    pc_buf_release(&f->records);
    void *blocks[] = {f->at,      f->ctf, f->variants, f->flags,
                      f->by_stem, f->own, f->counts};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(f->mem, blocks[i]);
    *f = (pi_forms){.mem = f->mem};
}
