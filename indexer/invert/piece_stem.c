/*
 * The stems of a piece: the forms of all runs get their numbers, and the
 * postings of all runs go to the writers in document order.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/fail.h"
#include "indexer/invert/entry_record.h"
#include "indexer/invert/piece_internal.h"

/* ---- stems -------------------------------------------------------------- */

/* Gathers the cursors at the least stem; false when there is none. */
static bool gather_members(pi_maker *m)
{
    const pi_cursor *least = NULL;
    m->n_members = 0;
    for (size_t i = 0; i < m->j->n_runs; i++) {
        pi_cursor *c = &m->cursors[i];
        if (c->done)
            continue;
        int cmp = -1;
        if (least && c->prefix != least->prefix)
            cmp = c->prefix < least->prefix ? -1 : 1;
        else if (least)
            cmp = pc_str_cmp(c->stem, least->stem);
        if (cmp > 0)
            continue;
        if (cmp < 0)
            m->n_members = 0;
        least = c;
        m->members[m->n_members++] = c;
    }
    return m->n_members > 0;
}

/* ---- forms -------------------------------------------------------------- */

/* Goes to the first occurrence of the next document that is in the index, or
   to the end of the list. */
static int next_document(pi_cursor *c, parasol_error *err)
{
    int rc = PARASOL_OK;
    while (!rc && (!c->is_new || c->global == PI_NO_DOC))
        rc = pi_cursor_read(c, err);
    return rc;
}

static int first_document(pi_cursor *c, parasol_error *err)
{
    int rc = pi_cursor_read(c, err);
    return rc ? rc : next_document(c, err);
}

/* Counts the forms of a member in the documents that are in the index. */
static int recount(pi_maker *m, pi_cursor *c)
{
    pi_cursor *twin = &m->counting[c - m->cursors];
    for (uint32_t i = 0; i < c->n_forms; i++)
        c->forms[i].ctf = 0;
    int rc = first_document(twin, m->err);
    while (!rc && twin->global != PI_LIST_END) {
        c->forms[twin->form].ctf++;
        rc = pi_cursor_read(twin, m->err);
        if (!rc && twin->is_new)
            rc = next_document(twin, m->err);
    }
    return rc;
}

static int by_text(const void *a, const void *b)
{
    const pi_run_form *const *x = a, *const *y = b;
    return pc_str_cmp((*x)->text, (*y)->text);
}

static int by_frequency(const void *a, const void *b)
{
    const pi_stem_form *x = a, *y = b;
    if (x->ctf != y->ctf)
        return x->ctf > y->ctf ? -1 : 1;
    return x->place < y->place ? -1 : 1; /* which is by text */
}

/* The forms of all members, each once, in byte order. */
static int unite_forms(pi_maker *m, size_t total)
{
    size_t n = 0;
    if (pc_grow(m->mem, (void **)&m->all, &m->all_cap, total, sizeof *m->all) ||
        pc_grow(m->mem, (void **)&m->forms, &m->forms_cap, total,
                sizeof *m->forms) ||
        pc_grow(m->mem, (void **)&m->ranks, &m->ranks_cap, total,
                sizeof *m->ranks))
        return pc_fail_nomem(m->err);
    for (size_t i = 0; i < m->n_members; i++) {
        for (uint32_t k = 0; k < m->members[i]->n_forms; k++)
            m->all[n++] = &m->members[i]->forms[k];
    }
    if (n > 1)
        qsort(m->all, n, sizeof(pi_run_form *), by_text);
    m->n_forms = 0;
    for (size_t i = 0; i < n; i++) {
        pi_run_form *f = m->all[i];
        if (i == 0 || !pc_str_eq(f->text, m->all[i - 1]->text)) {
            m->forms[m->n_forms] =
                (pi_stem_form){.text = f->text, .place = m->n_forms};
            m->n_forms++;
        }
        f->group = m->n_forms - 1;
        m->forms[f->group].ctf += f->ctf;
    }
    return PARASOL_OK;
}

/* Numbers the forms of the stem, the most frequent first; those that occur in
   no document of the index are left out. */
static int number_forms(pi_maker *m)
{
    size_t total = 0;
    for (size_t i = 0; i < m->n_members; i++) {
        int rc = m->counting ? recount(m, m->members[i]) : PARASOL_OK;
        if (rc)
            return rc;
        total += m->members[i]->n_forms;
    }
    if (unite_forms(m, total))
        return PARASOL_NOMEM;
    if (m->n_forms > 1) {
        qsort(m->forms, m->n_forms, sizeof *m->forms, by_frequency);
        for (uint32_t i = 0; i < m->n_forms; i++)
            m->ranks[m->forms[i].place] = i;
        for (size_t i = 0; i < total; i++)
            m->all[i]->group = m->ranks[m->all[i]->group];
    }
    while (m->n_forms > 0 && m->forms[m->n_forms - 1].ctf == 0)
        m->n_forms--;
    return PARASOL_OK;
}

/* Forms beyond the limit share the last number. */
static uint16_t variant_of(uint32_t number)
{
    return number > UINT16_MAX ? UINT16_MAX : (uint16_t)number;
}

/* ---- postings ----------------------------------------------------------- */

/* Room for more of a posting that has n occurrences so far; 0: none. */
static size_t make_room(pi_maker *m, uint32_t n)
{
    size_t room = pi_post_room(&m->p->post[PC_FIELD_TEXT], (size_t)n + 1);
    if (m->n_forms > 1 && room > m->numbers_cap &&
        pc_grow(m->mem, (void **)&m->numbers, &m->numbers_cap, room,
                sizeof *m->numbers))
        return 0;
    return room;
}

/* Where the occurrences of a posting go. */
typedef struct place {
    uint32_t *gaps;
    uint16_t *variants; /* NULL: the stem has one form */
    uint32_t *numbers;  /* of forms */
    uint32_t n, all;    /* `all`: the numbers in one */
    size_t room;
} place;

static inline void put_occurrence(place *to, const pi_cursor *c, uint32_t gap,
                                  uint32_t form)
{
    to->gaps[to->n] = gap;
    if (to->variants) {
        uint32_t number = c->forms[form].group;
        to->variants[to->n] = variant_of(number);
        to->numbers[to->n] = number;
        to->all |= number;
    }
    to->n++;
}

/* Reads occurrences of the same document as long as their codes are short and
   there is room: what pi_cursor_read does, without its hand-over. */
static inline void read_short(pi_cursor *c, place *to)
{
    const uint8_t *p = c->p, *end = c->end;
    while (to->n < to->room && end - p >= (ptrdiff_t)PI_CODE_MAX) {
        uint32_t code = p[0], form = 0;
        unsigned used = 1;
        if (code >= 0x80) {
            if ((uint8_t)(p[1] - 1) >= 0x7f)
                break;
            code = (code & 0x7f) | (uint32_t)p[1] << 7;
            used = 2;
        }
        if (code & PI_CODE_DOC)
            break;
        if (code & PI_CODE_FORM) {
            form = p[used++];
            if (form >= 0x80 || form >= c->n_forms)
                break;
        }
        put_occurrence(to, c, code >> PI_CODE_SHIFT, form);
        p += used;
    }
    c->p = p;
}

/* Reads what the document at hand has of the stem to where the writer of the
   text wants it, and goes to the next one. *any: some is of another form than
   the first. */
static int read_posting(pi_maker *m, pi_cursor *c, uint32_t *tf, bool *any)
{
    pi_post_writer *w = &m->p->post[PC_FIELD_TEXT];
    place to = {0};
    int rc = PARASOL_OK;
    do {
        if (PC_UNLIKELY(to.n >= to.room)) {
            to.room = make_room(m, to.n);
            if (to.room == 0)
                return w->status ? pi_post_status(w, m->err)
                                 : pc_fail_nomem(m->err);
            to.gaps = pi_post_gaps(w);
            to.variants = m->n_forms > 1 ? pi_post_variants(w) : NULL;
            to.numbers = m->numbers;
        }
        put_occurrence(&to, c, c->gap, c->form);
        read_short(c, &to);
        rc = pi_cursor_read(c, m->err);
    } while (!rc && !c->is_new);
    *tf = to.n;
    *any = to.all != 0;
    if (rc || c->global != PI_NO_DOC)
        return rc;
    return next_document(c, m->err);
}

static void count_forms(pi_maker *m, uint8_t field, uint32_t doc, uint32_t tf)
{
    for (uint32_t i = 0; i < tf; i++) {
        pi_stem_form *f = &m->forms[m->numbers[i]];
        f->ctf_in[field]++;
        f->df_in[field] += f->last_in[field] != doc + 1;
        f->last_in[field] = doc + 1;
    }
}

/* The positions of the posting are where pi_post_gaps says. */
static void put_posting(pi_maker *m, uint32_t doc, uint32_t tf, bool any)
{
    pi_post_put(&m->p->post[PC_FIELD_TEXT], doc, tf,
                m->j->docs->norms[PC_FIELD_TEXT][doc], any);
    if (m->n_forms > 1)
        count_forms(m, PC_FIELD_TEXT, doc, tf);
}

/* The same for the positions that are in the title; before put_posting. */
static void put_title(pi_maker *m, uint32_t doc, uint32_t tf, bool any)
{
    pi_post_writer *from = &m->p->post[PC_FIELD_TEXT];
    pi_post_writer *to = &m->p->post[PC_FIELD_TITLE];
    if (!m->open[PC_FIELD_TITLE])
        pi_post_begin(to);
    m->open[PC_FIELD_TITLE] = true;
    if (pi_post_room(to, tf) == 0)
        return; /* told at the end */
    memcpy(pi_post_gaps(to), pi_post_gaps(from), tf * sizeof *from->gaps);
    if (m->n_forms > 1)
        memcpy(pi_post_variants(to), pi_post_variants(from),
               tf * sizeof *from->variants);
    bool other = false;
    for (uint32_t i = 0; any && i < tf; i++)
        other |= m->numbers[i] != 0;
    pi_post_put(to, doc, tf, m->j->docs->norms[PC_FIELD_TITLE][doc], other);
    if (m->n_forms > 1)
        count_forms(m, PC_FIELD_TITLE, doc, tf);
}

/* How many of the positions are in the title. */
static uint32_t in_title(const pi_maker *m, uint32_t doc, uint32_t tf)
{
    const uint32_t *gaps = pi_post_gaps(&m->p->post[PC_FIELD_TEXT]);
    uint32_t end = m->j->docs->titles[doc], n = 0, pos = 0;
    if (PC_LIKELY(gaps[0] >= end && end < 255))
        return 0;
    end = m->j->docs->title_ends[doc];
    while (n < tf && (pos += gaps[n]) < end)
        n++;
    return n;
}

/* The member whose next document comes first; *limit is the next document of
   the others. NULL when all have ended. */
static pi_cursor *first_member(const pi_maker *m, uint64_t *limit)
{
    pi_cursor *first = NULL;
    uint64_t best = PI_LIST_END;
    *limit = PI_LIST_END;
    for (size_t i = 0; i < m->n_members; i++) {
        pi_cursor *c = m->members[i];
        if (c->global < best) {
            *limit = best;
            best = c->global;
            first = c;
        } else if (c->global < *limit) {
            *limit = c->global;
        }
    }
    return first;
}

static int put_postings(pi_maker *m)
{
    uint64_t limit = 0;
    pi_cursor *c;
    for (size_t i = 0; i < m->n_members; i++) {
        int rc = first_document(m->members[i], m->err);
        if (rc)
            return rc;
    }
    while ((c = first_member(m, &limit))) {
        if (!m->open[PC_FIELD_TEXT])
            pi_post_begin(&m->p->post[PC_FIELD_TEXT]);
        m->open[PC_FIELD_TEXT] = true;
        do {
            uint32_t doc = (uint32_t)c->global, tf = 0;
            bool any = false;
            int rc = read_posting(m, c, &tf, &any);
            if (rc)
                return rc;
            uint32_t title = in_title(m, doc, tf);
            if (title > 0)
                put_title(m, doc, title, any);
            put_posting(m, doc, tf, any);
        } while (c->global < limit);
    }
    return PARASOL_OK;
}

/* ---- entries of the stem ------------------------------------------------ */

static pc_str keep(pi_maker *m, pc_str s)
{
    char *copy = pc_arena_copy(&m->arena, s.ptr, s.len);
    return (pc_str){copy, copy ? s.len : 0};
}

static int add_term(pi_maker *m, uint8_t field, pc_str stem, bool sole)
{
    if (pc_grow(m->mem, (void **)&m->terms[field], &m->terms_cap[field],
                m->n_terms[field] + 1, sizeof *m->terms[field]))
        return pc_fail_nomem(m->err);
    pi_term_entry *t = &m->terms[field][m->n_terms[field]++];
    pc_entry e = {0};
    *t = (pi_term_entry){stem, m->records[field].len};
    pi_post_end(&m->p->post[field], &e);
    m->open[field] = false;
    if (sole)
        e.flags |= PC_ENTRY_FORM | PC_ENTRY_SOLE;
    pi_entry_put(&m->records[field], stem, &e);
    return m->records[field].status ? pc_fail_nomem(m->err) : PARASOL_OK;
}

static int add_form(pi_maker *m, pc_str stem, uint32_t number)
{
    const pi_stem_form *f = &m->forms[number];
    if (pc_grow(m->mem, (void **)&m->form_entries, &m->form_entries_cap,
                m->n_form_entries + 1, sizeof *m->form_entries))
        return pc_fail_nomem(m->err);
    pi_form_entry *e = &m->form_entries[m->n_form_entries++];
    pc_str text = keep(m, f->text);
    size_t shared = 0;
    if (!text.ptr)
        return pc_fail_nomem(m->err);
    while (shared < text.len && shared < stem.len &&
           text.ptr[shared] == stem.ptr[shared])
        shared++;
    *e = (pi_form_entry){.text = text};
    for (uint8_t field = 0; field < PC_FIELD_COUNT; field++)
        e->in[field] = (pc_form_info){
            .strip = (uint32_t)(text.len - shared),
            .add = {stem.ptr + shared, stem.len - shared},
            .variant = variant_of(number),
            .df = f->df_in[field],
            .ctf = f->ctf_in[field],
        };
    return PARASOL_OK;
}

/* The counts of the only form of a stem are those of the terms. */
static void count_only_form(pi_maker *m)
{
    for (uint8_t field = 0; field < PC_FIELD_COUNT; field++) {
        if (!m->open[field])
            continue;
        m->forms[0].df_in[field] = m->p->post[field].df;
        m->forms[0].ctf_in[field] = m->p->post[field].ctf;
    }
}

static int make_stem(pi_maker *m)
{
    int rc = number_forms(m);
    if (rc || m->n_forms == 0)
        return rc;
    rc = put_postings(m);
    if (rc)
        return rc;
    pc_str stem = m->members[0]->stem;
    stem = keep(m, (pc_str){stem.ptr + m->head, stem.len - m->head});
    if (!stem.ptr)
        return pc_fail_nomem(m->err);
    bool sole = m->n_forms == 1 && pc_str_eq(m->forms[0].text, stem);
    if (m->n_forms == 1)
        count_only_form(m);
    for (uint8_t field = 0; !rc && field < PC_FIELD_COUNT; field++) {
        if (m->open[field])
            rc = add_term(m, field, stem, sole);
    }
    for (uint32_t i = 0; !rc && !sole && i < m->n_forms; i++)
        rc = add_form(m, stem, i);
    return rc;
}

int pi_maker_stems(pi_maker *m)
{
    while (gather_members(m)) {
        int rc = make_stem(m);
        for (size_t i = 0; !rc && i < m->n_members; i++) {
            pi_cursor *c = m->members[i];
            rc = pi_cursor_next(c, m->err);
            if (!rc && m->counting)
                rc = pi_cursor_next(&m->counting[c - m->cursors], m->err);
        }
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}
