/*
 * The end of a join: the streams of all pieces, one after the other, and the
 * strays between their entries.
 */
#include "common/base/fail.h"
#include "common/segment/dict.h"
#include "indexer/invert/entry_record.h"
#include "indexer/invert/join.h"
#include "indexer/invert/sorted.h"
#include "indexer/write/spool_window.h"

#define WINDOW ((size_t)256 << 10)

/* What is kept in memory of each stream, when there are many. */
#define SPOOL_LEAST ((size_t)64 << 10)

void pi_joint_init(pi_joint *t, const pi_join *j)
{
    uint32_t languages = j->docs->languages.n;
    size_t limit = languages > 1 ? j->spool_limit / languages : j->spool_limit;
    if (languages > 1 && limit < SPOOL_LEAST)
        limit = SPOOL_LEAST;
    *t = (pi_joint){.join = j, .n_fields = (size_t)PC_FIELD_COUNT * languages};
    pc_arena_init(&t->arena, j->mem, 0);
    t->fields = pc_zalloc(j->mem, t->n_fields, sizeof *t->fields);
    for (size_t f = 0; t->fields && f < t->n_fields; f++) {
        pi_spool_init(&t->fields[f].postings, j->dir, limit, j->mem);
        pi_spool_init(&t->fields[f].positions, j->dir, limit, j->mem);
        pi_spool_init(&t->fields[f].entries, j->dir, limit, j->mem);
    }
}

void pi_joint_release(pi_joint *t)
{
    for (size_t f = 0; t->fields && f < t->n_fields; f++) {
        pi_spool_release(&t->fields[f].postings);
        pi_spool_release(&t->fields[f].positions);
        pi_spool_release(&t->fields[f].entries);
    }
    pc_free(t->join->mem, t->fields);
    pc_free(t->join->mem, t->strays);
    pc_arena_release(&t->arena);
}

static int add_strays(pi_joint *t, const pi_piece *p)
{
    if (pc_grow(t->join->mem, (void **)&t->strays, &t->strays_cap,
                t->n_strays + p->n_strays, sizeof *t->strays))
        return PARASOL_NOMEM;
    for (size_t i = 0; i < p->n_strays; i++) {
        pi_stray s = p->strays[i];
        s.text.ptr = pc_arena_copy(&t->arena, s.text.ptr, s.text.len);
        s.info.add.ptr =
            pc_arena_copy(&t->arena, s.info.add.ptr, s.info.add.len);
        if (!s.text.ptr || !s.info.add.ptr)
            return PARASOL_NOMEM;
        t->strays[t->n_strays++] = s;
    }
    return PARASOL_OK;
}

/* Pieces have about the same weight, so the first tells of the whole. */
static void move_stream(const pi_joint *t, pi_spool *to, pi_spool *from)
{
    uint64_t one = pi_spool_at(from);
    if (one > 0 && pi_spool_at(to) == 0)
        pi_spool_expect(to, (one + one / 8) * t->join->n_pieces);
    pi_spool_move(to, from);
}

int pi_joint_add(pi_joint *t, pi_piece *p, parasol_error *err)
{
    if (p->status) {
        if (err)
            *err = p->error;
        return p->status;
    }
    if (!t->fields || add_strays(t, p))
        return pc_fail_nomem(err);
    pi_joint_field *to = t->fields + pc_language_field(p->language, 0);
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++, to++) {
        move_stream(t, &to->postings, &p->post[f].postings);
        move_stream(t, &to->positions, &p->post[f].positions);
        move_stream(t, &to->entries, &p->entries[f]);
        int rc = pi_spool_status(&to->postings, err);
        if (!rc)
            rc = pi_spool_status(&to->positions, err);
        if (!rc)
            rc = pi_spool_status(&to->entries, err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* ---- dictionary --------------------------------------------------------- */

typedef struct source {
    pi_spool_window window;
    const uint8_t *p, *end;
    uint64_t post_at, pos_at; /* where the next lists lie */
} source;

/* Opens the records of a spool; memory that is there already is used as it
   is. */
static int open_source(source *s, pi_spool *spool, const pc_mem *mem,
                       parasol_error *err)
{
    bool in_file = spool->in_file > 0;
    uint64_t all = pi_spool_at(spool);
    pi_spool_window_init(&s->window, spool, in_file ? 0 : all, all, WINDOW,
                         mem);
    s->p = s->end = NULL;
    if (in_file)
        return pi_spool_settle(spool, err);
    s->p = spool->buf.ptr;
    s->end = spool->buf.len > 0 ? s->p + spool->buf.len : s->p;
    return pi_spool_status(spool, err);
}

/* Reads more of the file, so that a whole record is at hand. */
static int refill(source *s, parasol_error *err)
{
    if (s->p)
        pi_spool_window_skip(
            &s->window, (uint64_t)(s->p - pi_spool_window_ptr(&s->window)));
    int rc = pi_spool_window_load(&s->window, PI_ENTRY_MAX, err);
    s->p = pi_spool_window_ptr(&s->window);
    s->end = s->p + pi_spool_window_len(&s->window);
    return rc;
}

/* The next entry with its places; *more is false at the end. */
static int next_entry(source *s, pc_str *word, pc_entry *e, bool *more,
                      parasol_error *err)
{
    if ((size_t)(s->end - s->p) < PI_ENTRY_MAX &&
        s->window.at < s->window.end) {
        int rc = refill(s, err);
        if (rc)
            return rc;
    }
    *more = s->p != s->end;
    if (!*more)
        return PARASOL_OK;
    s->p = pi_entry_get(s->p, s->end, word, e);
    if (!s->p)
        return pc_fail(err, PARASOL_CORRUPT,
                       "a temporary file of the indexer has changed");
    e->post_off = s->post_at;
    e->pos_off = s->pos_at;
    s->post_at += e->post_len;
    s->pos_at += e->pos_len;
    return PARASOL_OK;
}

static pc_str nth_stray(const void *of, uint32_t i)
{
    const pi_stray *strays = of;
    return strays[i].text;
}

typedef struct dictionary {
    pi_joint *t;
    pi_dict_writer *writer;
    const uint32_t *order; /* of the strays */
    size_t next;           /* in order */
    uint8_t field;
} dictionary;

static void put(dictionary *d, pc_str word, const pc_entry *e)
{
    pc_key key;
    if (pc_key_make(&key, d->field, word))
        pi_dict_writer_add(d->writer, pc_key_str(&key), e);
}

/* The next stray of the field, the best of those with its text; NULL at the
   end. d->next stays at the first of them; *behind is where they end. */
static const pi_stray *next_stray(dictionary *d, size_t *behind)
{
    const pi_stray *best = NULL;
    size_t i = d->next;
    for (; i < d->t->n_strays; i++) {
        const pi_stray *s = &d->t->strays[d->order[i]];
        if (s->field != d->field)
            continue;
        if (best && !pc_str_eq(best->text, s->text))
            break;
        if (!best || pi_form_is_better(&s->info, &best->info))
            best = s;
    }
    *behind = i;
    return best;
}

/* An entry and a stray of the same word become one. */
static void unite(pc_entry *e, const pi_stray *s)
{
    if (e->flags & PC_ENTRY_SOLE)
        return;
    if (!(e->flags & PC_ENTRY_FORM) || pi_form_is_better(&s->info, &e->form))
        e->form = s->info;
    e->flags |= PC_ENTRY_FORM;
}

static int put_field(dictionary *d, source *s, parasol_error *err)
{
    pc_str word = {NULL, 0};
    pc_entry e;
    bool more = true;
    size_t behind = 0;
    d->next = 0;
    const pi_stray *stray = next_stray(d, &behind);
    int rc = next_entry(s, &word, &e, &more, err);
    while (!rc && (more || stray)) {
        int cmp = !stray ? -1 : !more ? 1 : pc_str_cmp(word, stray->text);
        if (cmp > 0) {
            pc_entry own = {.flags = PC_ENTRY_FORM, .form = stray->info};
            put(d, stray->text, &own);
        } else {
            if (cmp == 0)
                unite(&e, stray);
            put(d, word, &e);
        }
        if (cmp >= 0) {
            d->next = behind;
            stray = next_stray(d, &behind);
        }
        if (cmp <= 0)
            rc = next_entry(s, &word, &e, &more, err);
    }
    return rc;
}

static int put_dictionary(pi_joint *t, pi_dict_writer *writer,
                          parasol_error *err)
{
    const pc_mem *mem = t->join->mem;
    source s = {0};
    int rc = PARASOL_OK;
    uint32_t *order =
        pi_sorted(nth_stray, t->strays, (uint32_t)t->n_strays, mem);
    if (!order)
        return pc_fail_nomem(err);
    dictionary d = {.t = t, .writer = writer, .order = order};
    for (d.field = 0; !rc && d.field < t->n_fields; d.field++) {
        rc = open_source(&s, &t->fields[d.field].entries, mem, err);
        if (!rc)
            rc = put_field(&d, &s, err);
        pi_spool_window_release(&s.window);
        pi_spool_release(&t->fields[d.field].entries);
    }
    pc_free(mem, order);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static int put_languages(const pi_docs *docs, pi_out *o, const pc_mem *mem,
                         parasol_error *err)
{
    if (docs->languages.n < 2)
        return PARASOL_OK;
    uint32_t *by_doc = pc_alloc(mem, docs->n, sizeof *by_doc);
    if (!by_doc)
        return pc_fail_nomem(err);
    for (uint32_t i = 0; i < docs->n; i++)
        by_doc[i] = docs->numbers[docs->of_language[i]];
    int rc = pi_languages_put(o, &docs->languages, by_doc, docs->n, mem, err);
    pc_free(mem, by_doc);
    return rc;
}

int pi_joint_finish(pi_joint *t, pi_out *o, parasol_error *err)
{
    const pi_docs *docs = t->join->docs;
    pi_dict_writer writer;
    if (!t->fields)
        return pc_fail_nomem(err);
    pi_meta_put(o, docs->n, docs->lengths, &docs->languages);
    pi_dict_writer_init(&writer, t->join->dir, t->join->spool_limit,
                        t->join->mem);
    pi_dict_writer_share(&writer, t->join->pool);
    int rc = put_dictionary(t, &writer, err);
    if (!rc)
        pi_dict_writer_finish(&writer, o);
    pi_dict_writer_release(&writer);
    if (rc)
        return rc;
    pi_out_begin(o, PC_SECTION_POSTINGS);
    for (size_t f = 0; f < t->n_fields; f++)
        (void)pi_spool_drain(&t->fields[f].postings, o);
    pi_out_begin(o, PC_SECTION_POSITIONS);
    for (size_t f = 0; f < t->n_fields; f++)
        (void)pi_spool_drain(&t->fields[f].positions, o);
    pi_out_begin(o, PC_SECTION_NORMS);
    for (uint8_t f = 0; f < PC_FIELD_COUNT; f++) {
        if (f == PC_FIELD_TEXT || docs->lengths[f] > 0)
            pi_out_put(o, docs->norms[f], docs->n);
    }
    rc = put_languages(docs, o, t->join->mem, err);
    return rc ? rc : pi_out_status(o, err);
}
