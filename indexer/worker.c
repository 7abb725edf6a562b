/*
 * A thread's part: a document into the inverter, and what is stored of it
 * into its item. When the inverter has grown to its share of the memory, it is
 * written to a temporary file as a sorted run.
 */
#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"
#include "indexer/indexer_internal.h"

/* Two independent hashes tell ids apart. */
#define SEED_A 0x5bd1e995u
#define SEED_B 0x27d4eb2fu

/* An inverter is sorted with numbers of 32 bits. */
#define TOKENS_MAX ((uint64_t)1 << 31)

int pi_worker_init(pi_worker *k, parasol_indexer *w, parasol_error *err)
{
    *k = (pi_worker){.w = w};
    k->inverter.mem = w->mem;
    pc_arena_init(&k->scratch, w->mem, 0);
    pc_buf_init(&k->title, w->mem);
    pc_buf_init(&k->text, w->mem);
    return pc_analyzer_open(&k->analyzer, w->language, w->mem, err);
}

void pi_worker_forget(pi_worker *k)
{
    const pc_mem *mem = k->w->mem;
    for (size_t i = 0; i < k->n_runs; i++) {
        pi_run_release(&k->runs[i].run);
        pc_free(mem, k->runs[i].spans);
        pc_free(mem, k->runs[i].global);
    }
    k->n_runs = 0;
    pi_inverter_release(&k->inverter);
}

void pi_worker_release(pi_worker *k)
{
    const pc_mem *mem = k->w->mem;
    pi_worker_forget(k);
    pc_free(mem, k->runs);
    pc_analyzer_free(k->analyzer);
    pc_arena_release(&k->scratch);
    pc_buf_release(&k->title);
    pc_buf_release(&k->text);
}

/* ---- runs --------------------------------------------------------------- */

static int add_run(pi_worker *k)
{
    const pc_mem *mem = k->w->mem;
    if (pc_grow(mem, (void **)&k->runs, &k->runs_cap, k->n_runs + 1,
                sizeof *k->runs))
        return PARASOL_NOMEM;
    k->runs[k->n_runs++] = (pi_worker_run){.run = {.mem = mem}};
    return PARASOL_OK;
}

/* Notes where the document that comes next belongs. */
static int note_place(pi_worker *k, const pi_batch *b)
{
    uint32_t local = k->inverter.n_docs;
    if (local == 0 && add_run(k))
        return PARASOL_NOMEM;
    pi_worker_run *r = &k->runs[k->n_runs - 1];
    if (r->n_spans > 0 && r->spans[r->n_spans - 1].batch == b->number)
        return PARASOL_OK;
    if (pc_grow(k->w->mem, (void **)&r->spans, &r->spans_cap, r->n_spans + 1,
                sizeof *r->spans))
        return PARASOL_NOMEM;
    r->spans[r->n_spans++] = (pi_span){local, b->number, b->n_docs};
    return PARASOL_OK;
}

static int sort_run(pi_worker *k, parasol_error *err)
{
    pi_wordtab_release(&k->inverter.words);
    pi_termtab_release(&k->inverter.longs);
    return pi_run_sort(&k->runs[k->n_runs - 1].run, &k->inverter, k->w->mem,
                       err);
}

static int spill(pi_worker *k, parasol_error *err)
{
    int rc = sort_run(k, err);
    if (!rc)
        rc = pi_run_spill(&k->runs[k->n_runs - 1].run, k->w->dir, err);
    if (!rc)
        pi_inverter_release(&k->inverter);
    return rc;
}

/* Bytes that the inverter has, will have when a table grows, and needs to be
   sorted. */
static size_t inverter_memory(const pi_inverter *v)
{
    return pi_inverter_memory(v) + pi_wordtab_growth(&v->words) +
           pi_termtab_growth(&v->forms) + pi_termtab_growth(&v->stems) +
           (size_t)v->stems.n * 12 + (size_t)v->forms.n * 4;
}

int pi_worker_finish(pi_worker *k, parasol_error *err)
{
    if (k->inverter.n_docs == 0)
        return PARASOL_OK;
    /* Where memory was too small once, the join needs what is left of it. */
    return k->n_runs > 1 ? spill(k, err) : sort_run(k, err);
}

/* ---- items -------------------------------------------------------------- */

static pi_item *add_item(pi_worker *k, pi_batch *b)
{
    if (pc_grow(k->w->mem, (void **)&b->items, &b->items_cap, b->n_items + 1,
                sizeof *b->items))
        return NULL;
    pi_item *item = &b->items[b->n_items++];
    *item = (pi_item){.detail = ""};
    return item;
}

static pc_str keep(pi_batch *b, pc_str s)
{
    char *copy = pc_arena_copy(&b->arena, s.ptr, s.len);
    return (pc_str){copy, copy ? s.len : 0};
}

int pi_worker_skip(pi_worker *k, pi_batch *b, pc_str path, uint64_t bytes,
                   int skip, const char *detail, pi_item **out,
                   parasol_error *err)
{
    pi_item *item = add_item(k, b);
    if (!item)
        return pc_fail_nomem(err);
    item->path = keep(b, path);
    item->bytes = bytes;
    item->skip = skip;
    item->detail = keep(b, pc_str_of(detail)).ptr;
    if (out)
        *out = item;
    if (item->path.ptr && item->detail)
        return PARASOL_OK;
    b->n_items--; /* half of it */
    return pc_fail_nomem(err);
}

/* The text itself if it is sound UTF-8, else a repaired copy in *copy. */
static int sound(pc_buf *copy, pc_str *text, pi_item *item)
{
    size_t bad = 0;
    if (pc_utf8_valid(*text) &&
        (text->len == 0 || !memchr(text->ptr, 0, text->len)))
        return PARASOL_OK;
    pc_buf_clear(copy);
    if (pc_utf8_repair(copy, *text, &bad))
        return PARASOL_NOMEM;
    item->repaired += bad;
    *text = pc_buf_str(copy);
    return PARASOL_OK;
}

/* A sound copy that lives as long as the batch. */
static int keep_sound(pi_worker *k, pi_batch *b, pc_str in, pc_str *out,
                      pi_item *item)
{
    *out = in;
    if (sound(&k->title, out, item))
        return PARASOL_NOMEM;
    *out = keep(b, *out);
    return out->ptr ? PARASOL_OK : PARASOL_NOMEM;
}

static int keep_fields(pi_worker *k, pi_batch *b, const pi_draft *doc,
                       pi_item *item)
{
    size_t n = doc->n_meta + PC_STORE_FIELDS_MIN;
    pc_field *f = pc_arena_zalloc(&b->arena, n, sizeof *f);
    if (!f)
        return PARASOL_NOMEM;
    f[0].name = PC_STR_LIT("path");
    f[1].name = PC_STR_LIT("title");
    f[2].name = PC_STR_LIT("date");
    int rc = keep_sound(k, b, doc->id, &f[0].value, item);
    if (!rc)
        rc = keep_sound(k, b, doc->title, &f[1].value, item);
    if (!rc)
        rc = keep_sound(k, b, doc->date, &f[2].value, item);
    for (size_t i = 0; !rc && i < doc->n_meta; i++) {
        rc = keep_sound(k, b, doc->meta[i].name, &f[i + 3].name, item);
        if (!rc)
            rc = keep_sound(k, b, doc->meta[i].value, &f[i + 3].value, item);
    }
    item->stored.fields = f;
    item->stored.n_fields = n;
    item->path = f[0].value;
    return rc;
}

static int keep_text(pi_worker *k, pi_batch *b, pc_str text, pi_item *item)
{
    item->text_bytes = text.len;
    item->stored.text = PC_STR_LIT("");
    if (!k->w->store_text)
        return PARASOL_OK;
    item->stored.text = keep(b, text);
    return item->stored.text.ptr ? PARASOL_OK : PARASOL_NOMEM;
}

/* ---- documents ---------------------------------------------------------- */

static int too_large(const pi_worker *k, const pi_draft *doc,
                     parasol_error *err)
{
    return pc_fail(
        err, PARASOL_NOMEM,
        "%.*s has %llu bytes: indexing it needs %llu MiB of "
        "memory, not %llu",
        PC_STR_ARG(doc->id), (unsigned long long)doc->text.len,
        (unsigned long long)(pi_budget_needed(&k->w->budget, doc->text.len) >>
                             20) +
            1,
        (unsigned long long)(k->w->budget.memory >> 20));
}

void pi_id_hash(pc_str id, uint64_t hash[2])
{
    hash[0] = pc_hash64(id.ptr, id.len, SEED_A);
    hash[1] = pc_hash64(id.ptr, id.len, SEED_B);
}

/* What the document says of its own language; PC_LANGUAGE_NONE: nothing that
   is understood. */
static uint8_t declared_language(const pi_item *item)
{
    for (size_t i = PC_STORE_FIELDS_MIN; i < item->stored.n_fields; i++) {
        const pc_field *f = &item->stored.fields[i];
        if (pi_is_nocase(f->name, "lang") || pi_is_nocase(f->name, "language"))
            return pc_language_named(f->value);
    }
    return PC_LANGUAGE_NONE;
}

static uint8_t language_of(const pi_worker *k, const pi_item *item, pc_str text)
{
    if (!k->w->detector)
        return pc_analyzer_language(k->analyzer);
    return pi_detect(k->w->detector, declared_language(item),
                     item->stored.fields[1].value, text);
}

static int make_item(pi_worker *k, pi_batch *b, const pi_draft *doc,
                     pi_item *item, parasol_error *err)
{
    pc_str text = doc->text;
    if (sound(&k->text, &text, item) || note_place(k, b) ||
        keep_fields(k, b, doc, item) || keep_text(k, b, text, item))
        return pc_fail_nomem(err);
    item->bytes = doc->bytes;
    if (k->w->dry)
        return PARASOL_OK;
    pi_id_hash(item->path, item->hash);
    /* Its tables are large: they are made for documents only. */
    if (!pi_inverter_is_open(&k->inverter) &&
        pi_inverter_init(&k->inverter, k->analyzer, k->w->mem))
        return pc_fail_nomem(err);
    int rc = pi_inverter_add(&k->inverter, language_of(k, item, text),
                             item->stored.fields[1].value, text, err);
    item->inverted = k->inverter.last;
    return rc;
}

int pi_worker_document(pi_worker *k, pi_batch *b, const pi_draft *doc,
                       parasol_error *err)
{
    if (doc->text.len > pi_budget_document(&k->w->budget))
        return too_large(k, doc, err);
    pi_item *item = add_item(k, b);
    if (!item)
        return pc_fail_nomem(err);
    int rc = make_item(k, b, doc, item, err);
    if (rc) {
        b->n_items--; /* half of it */
        return rc;
    }
    if (k->w->dry)
        return PARASOL_OK;
    b->n_docs++;
    if (inverter_memory(&k->inverter) > atomic_load(&k->w->share) ||
        k->inverter.n_tokens > TOKENS_MAX)
        rc = spill(k, err);
    return rc;
}
