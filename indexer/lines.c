/*
 * parasol_indexer_add_lines: documents from lines of JSON. The caller's
 * thread cuts the input into batches of whole lines; the threads of the pool
 * parse them.
 */
#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/text/utf8.h"
#include "indexer/extract/dates.h"
#include "indexer/indexer_internal.h"
#include "indexer/source/feed.h"
#include "indexer/source/json.h"

/* A larger scratch is given back after its batch. */
#define KEEP_SCRATCH ((size_t)4 << 20)

typedef struct run {
    pi_source source; /* first: what is done comes back with it */
    parasol_indexer *w;
    parasol_lines_options options;
    parasol_tree_summary summary;
    const char *name; /* of the input */
    pi_feed *feed;
    pi_batch *batch; /* being filled */
    uint64_t line;   /* number of the next one */
    bool end;        /* of the input */
    parasol_error *err;
} run;

/* ---- in the threads ----------------------------------------------------- */

/* A line on its way to a document. */
typedef struct line {
    pi_worker *k;
    const run *r;
    pi_draft doc;
    pc_field *meta;
    size_t meta_cap;
    pc_str *texts; /* by field */
    pi_json json;
    const char *wrong;
    bool removal;      /* "_delete" is true */
    bool half_removal; /* it is neither true nor false */
} line;

/* What a value says, as one string in the scratch or the line. */
static int text_of(line *l, pi_json_value v, pc_str *out)
{
    pc_buf flat;
    *out = v.kind == PI_JSON_NULL ? PC_STR_LIT("") : v.text;
    if (v.kind != PI_JSON_ARRAY && v.kind != PI_JSON_OBJECT)
        return PARASOL_OK;
    pc_buf_init(&flat, l->k->w->mem);
    int rc = pi_json_flatten(v, &flat, &l->k->scratch);
    if (!rc) {
        out->ptr = pc_arena_copy(&l->k->scratch, flat.ptr, flat.len);
        out->len = flat.len;
        rc = out->ptr ? PARASOL_OK : PARASOL_NOMEM;
    }
    pc_buf_release(&flat);
    return rc;
}

/* A member of the object that has no part in the text. */
static int put_meta(line *l, pc_str key, pc_str value)
{
    char date[PI_DATE_MAX];
    if (value.len == 0 || key.len == 0)
        return PARASOL_OK;
    if (pc_str_eq(key, PC_STR_LIT("date")) && pi_date_normal(date, value)) {
        l->doc.date.len = strlen(date);
        l->doc.date.ptr = pc_arena_copy(&l->k->scratch, date, l->doc.date.len);
        return l->doc.date.ptr ? PARASOL_OK : PARASOL_NOMEM;
    }
    for (size_t i = 0; i < l->doc.n_meta; i++) {
        if (pc_str_eq(l->meta[i].name, key)) {
            l->meta[i].value = value; /* the last one counts */
            return PARASOL_OK;
        }
    }
    if (pc_grow(l->k->w->mem, (void **)&l->meta, &l->meta_cap,
                l->doc.n_meta + 1, sizeof *l->meta))
        return PARASOL_NOMEM;
    l->meta[l->doc.n_meta++] = (pc_field){key, value};
    return PARASOL_OK;
}

static int put_member(line *l, pc_str key, pi_json_value v)
{
    const parasol_lines_options *o = &l->r->options;
    pc_str text;
    if (text_of(l, v, &text))
        return PARASOL_NOMEM;
    if (pc_str_eq(key, PC_STR_LIT("_delete"))) {
        l->removal =
            v.kind == PI_JSON_WORD && pc_str_eq(v.text, PC_STR_LIT("true"));
        l->half_removal = v.kind != PI_JSON_WORD;
        return PARASOL_OK;
    }
    if (pc_str_eq(key, pc_str_of(o->id))) {
        l->doc.id = text;
        return PARASOL_OK;
    }
    if (o->title[0] && pc_str_eq(key, pc_str_of(o->title))) {
        l->doc.title = text;
        return PARASOL_OK;
    }
    for (size_t i = 0; i < o->field_count; i++) {
        if (pc_str_eq(key, pc_str_of(o->fields[i]))) {
            l->texts[i] = text;
            return PARASOL_OK;
        }
    }
    return put_meta(l, key, text);
}

/* The texts of all fields, one after the other on lines of their own. */
static int join_texts(line *l)
{
    size_t n = l->r->options.field_count, len = 0, parts = 0;
    for (size_t i = 0; i < n; i++) {
        parts += l->texts[i].len > 0;
        len += l->texts[i].len + 1;
        if (l->texts[i].len > 0)
            l->doc.text = l->texts[i];
    }
    if (parts < 2)
        return PARASOL_OK;
    char *all = pc_arena_alloc(&l->k->scratch, len), *to = all;
    if (!all)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (l->texts[i].len == 0)
            continue;
        if (to > all)
            *to++ = '\n';
        memcpy(to, l->texts[i].ptr, l->texts[i].len);
        to += l->texts[i].len;
    }
    l->doc.text = (pc_str){all, (size_t)(to - all)};
    return PARASOL_OK;
}

/* Fills l->doc; l->wrong says what is wrong with the line. */
static int parse(line *l, pc_str text)
{
    size_t n = l->r->options.field_count;
    pc_str key;
    pi_json_value v;
    l->doc = (pi_draft){.bytes = text.len};
    l->wrong = NULL;
    l->removal = l->half_removal = false;
    memset(l->texts, 0, n * sizeof *l->texts);
    pi_json_init(&l->json, text, &l->k->scratch);
    if (pi_json_open(&l->json)) {
        while (pi_json_member(&l->json, &key, &v)) {
            if (put_member(l, key, v))
                return PARASOL_NOMEM;
        }
    }
    l->wrong = l->json.wrong;
    if (!l->wrong && !l->json.nomem && l->doc.id.len == 0)
        l->wrong = "it has no id";
    /* To put an empty document in the place of one that is to go is worse. */
    if (!l->wrong && l->half_removal)
        l->wrong = "_delete is neither true nor false";
    l->doc.meta = l->meta;
    return l->json.nomem ? PARASOL_NOMEM : join_texts(l);
}

/* An item for a line that is no document: its name is FILE:LINE:COLUMN. */
static int put_wrong(line *l, pi_batch *b, uint64_t number, parasol_error *err)
{
    pc_buf name;
    pc_buf_init(&name, l->k->w->mem);
    pc_buf_put_fmt(&name, "%s:%llu:%llu", l->r->name,
                   (unsigned long long)number,
                   (unsigned long long)pi_json_column(&l->json));
    int rc = name.status
                 ? pc_fail_nomem(err)
                 : pi_worker_skip(l->k, b, pc_buf_str(&name), l->doc.bytes,
                                  PARASOL_SKIP_JSON, l->wrong, NULL, err);
    pc_buf_release(&name);
    return rc;
}

static bool is_blank(pc_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != ' ' && s.ptr[i] != '\t' && s.ptr[i] != '\r')
            return false;
    }
    return true;
}

/* An item for a line that removes a document. */
static int put_removal(line *l, pi_batch *b, parasol_error *err)
{
    pc_buf id;
    size_t bad = 0;
    pi_item *item = NULL;
    pc_buf_init(&id, l->k->w->mem);
    int rc =
        pc_utf8_repair(&id, l->doc.id, &bad) ? pc_fail_nomem(err) : PARASOL_OK;
    if (!rc)
        rc = pi_worker_skip(l->k, b, pc_buf_str(&id), l->doc.bytes,
                            PARASOL_SKIP_NONE, "", &item, err);
    if (!rc)
        item->removal = true;
    pc_buf_release(&id);
    return rc;
}

static int work_line(line *l, pi_batch *b, pc_str text, uint64_t number,
                     parasol_error *err)
{
    if (is_blank(text))
        return PARASOL_OK;
    pc_arena_clear(&l->k->scratch);
    if (parse(l, text))
        return pc_fail_nomem(err);
    if (l->wrong)
        return put_wrong(l, b, number, err);
    if (l->removal)
        return put_removal(l, b, err);
    int rc = pi_worker_document(l->k, b, &l->doc, err);
    if (!rc)
        b->items[b->n_items - 1].repaired += l->json.replaced;
    return rc;
}

static int work_lines(pi_worker *k, pi_batch *b, parasol_error *err)
{
    const run *r = (const run *)b->source; /* its first member */
    const char *p = (const char *)b->lines.ptr, *end = p + b->lines.len;
    line l = {.k = k, .r = r};
    int rc = PARASOL_OK;
    l.texts = pc_alloc(k->w->mem, r->options.field_count, sizeof *l.texts);
    if (!l.texts)
        return pc_fail_nomem(err);
    for (uint64_t n = b->first_line; !rc && p < end; n++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        pc_str text = {p, (size_t)((stop ? stop : end) - p)};
        rc = work_line(&l, b, text, n, err);
        p = stop ? stop + 1 : end;
    }
    pc_free(k->w->mem, l.texts);
    pc_free(k->w->mem, l.meta);
    if (k->scratch.total > KEEP_SCRATCH)
        pc_arena_release(&k->scratch);
    return rc;
}

/* ---- in the caller's thread --------------------------------------------- */

static int report(const run *r, const pi_item *item, parasol_error *err)
{
    parasol_progress p = {item->path.ptr,      item->bytes,
                          item->skip,          item->detail,
                          pi_feed_at(r->feed), pi_feed_size(r->feed)};
    if (!r->options.progress || !r->options.progress(&p, r->options.user))
        return PARASOL_OK;
    return pc_fail(err, PARASOL_ARG, "stopped by the caller at %s",
                   item->path.ptr);
}

static int take_done(pi_source *source, const pi_item *item, parasol_error *err)
{
    run *r = (run *)source; /* its first member */
    if (item->skip && r->options.strict) {
        r->summary.files++; /* seen, if not more */
        return pc_fail(err, PARASOL_DECODE, "%s: %s", item->path.ptr,
                       item->detail);
    }
    int rc = PARASOL_OK;
    if (item->removal)
        r->summary.files++;
    else
        rc = pi_summary_take(&r->summary, r->w, item, err);
    return rc ? rc : report(r, item, err);
}

static int too_long(const run *r, uint64_t bytes)
{
    return pc_fail(
        r->err, PARASOL_NOMEM,
        "%s:%llu: the line has %llu bytes or more: indexing it "
        "needs at least %llu MiB of memory, %llu MiB are allowed",
        r->name, (unsigned long long)r->line, (unsigned long long)bytes,
        (unsigned long long)(pi_budget_needed(&r->w->budget, bytes) >> 20) + 1,
        (unsigned long long)(r->w->budget.memory >> 20));
}

/* The length of the whole lines at the start of `n` bytes. */
static size_t whole_lines(const char *p, size_t n)
{
    while (n > 0 && p[n - 1] != '\n')
        n--;
    return n;
}

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    const char *end = p + n;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        lines++;
        p++;
    }
    return lines;
}

/* Reads into the batch until it has a whole line, or the input ends; *len is
   the length of the lines that are whole. What the batch has already has no
   line end. */
static int fill_batch(run *r, size_t *len)
{
    pc_buf *b = &r->batch->lines;
    size_t want = r->w->budget.batch;
    for (*len = 0; *len == 0 && !r->end;) {
        size_t got = 0, seen = b->len;
        if (seen > pi_budget_document(&r->w->budget))
            return too_long(r, seen);
        if (seen > want)
            want = seen; /* a long line: double */
        uint8_t *to = pc_buf_reserve(b, want);
        if (!to)
            return pc_fail_nomem(r->err);
        int rc = pi_feed_read(r->feed, to, want, &got, r->err);
        if (rc)
            return rc;
        b->len += got;
        r->end = got < want;
        size_t whole = whole_lines((const char *)to, got);
        if (whole > 0)
            *len = seen + whole;
    }
    if (r->end)
        *len = b->len;
    return PARASOL_OK;
}

static int new_batch(run *r)
{
    int rc = pi_pipe_batch(r->w, &r->batch, r->err);
    if (rc)
        return rc;
    r->batch->source = &r->source;
    r->batch->work = work_lines;
    r->batch->first_line = r->line;
    return PARASOL_OK;
}

/* Hands the first `len` bytes of the batch on; the rest begins the next. */
static int put_batch(run *r, size_t len)
{
    pi_batch *b = r->batch;
    const uint8_t *rest = b->lines.ptr + len;
    size_t more = b->lines.len - len;
    r->batch = NULL;
    r->line += count_lines((const char *)b->lines.ptr, len);
    int rc = r->end ? PARASOL_OK : new_batch(r);
    if (!rc && r->batch) {
        pc_buf_put(&r->batch->lines, rest, more);
        if (r->batch->lines.status)
            rc = pc_fail_nomem(r->err);
    }
    if (rc) {
        pi_batch_free(b);
        return rc;
    }
    b->lines.len = len;
    return pi_pipe_put(r->w, b, r->err);
}

static void skip_mark(pc_buf *b)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    if (b->len >= sizeof mark && memcmp(b->ptr, mark, sizeof mark) == 0)
        memset(b->ptr, ' ', sizeof mark); /* columns stay what they are */
}

/* Remembers the name of the input: what the commit before knew of its lines
   does not hold any more. */
static int note_input(run *r)
{
    parasol_indexer *w = r->w;
    size_t n = strlen(r->name);
    char *copy = pc_alloc(w->mem, n + 1, 1);
    if (!copy || pc_grow(w->mem, (void **)&w->inputs, &w->inputs_cap,
                         w->n_inputs + 1, sizeof *w->inputs)) {
        pc_free(w->mem, copy);
        return pc_fail_nomem(r->err);
    }
    memcpy(copy, r->name, n + 1);
    w->inputs[w->n_inputs++] = (pc_str){copy, n};
    return PARASOL_OK;
}

static int read_lines(run *r)
{
    int rc = note_input(r);
    if (!rc)
        rc = new_batch(r);
    for (bool first = true; !rc && r->batch; first = false) {
        size_t len = 0;
        rc = fill_batch(r, &len);
        if (first)
            skip_mark(&r->batch->lines);
        if (!rc)
            rc = put_batch(r, len);
    }
    return rc ? rc : pi_pipe_drain(r->w, r->err);
}

static parasol_lines_options read_options(const parasol_lines_options *given)
{
    static const char *const text[] = {"text"};
    parasol_lines_options o = PARASOL_LINES_OPTIONS_INIT;
    if (given) {
        size_t size =
            given->struct_size < sizeof o ? given->struct_size : sizeof o;
        memcpy(&o, given, size);
    }
    if (!o.id)
        o.id = "id";
    if (!o.title)
        o.title = "title";
    if (!o.fields) {
        o.fields = text;
        o.field_count = PC_COUNTOF(text);
    }
    return o;
}

int parasol_indexer_add_lines(parasol_indexer *w, const char *path,
                              const parasol_lines_options *options,
                              parasol_tree_summary *summary, parasol_error *err)
{
    run r = {.source = {take_done},
             .w = w,
             .options = read_options(options),
             .summary = PARASOL_TREE_SUMMARY_INIT,
             .line = 1,
             .err = err};
    if (!w || !path)
        return pc_fail(err, PARASOL_ARG, "no indexer or no file given");
    r.name = strcmp(path, "-") == 0 ? "standard input" : path;
    int rc = pi_indexer_begin(w, err);
    if (rc)
        return rc;
    rc = pi_feed_open(&r.feed, path, w->mem, err);
    if (rc)
        return rc;
    rc = read_lines(&r);
    if (rc)
        pi_pipe_abandon(w); /* they would come back to nobody */
    pi_batch_free(r.batch);
    pi_feed_close(r.feed);
    if (summary)
        pi_summary_add(summary, &r.summary);
    return pi_indexer_end(w, rc);
}
