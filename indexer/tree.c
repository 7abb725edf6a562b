/*
 * parasol_indexer_add_tree: a folder into an indexer. Every file the walk
 * meets is added or recorded with its reason; a file that cannot be read
 * never stops the run.
 */
#include <parasol/indexer.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/fail.h"
#include "indexer/extract/extract.h"
#include "indexer/extract/type.h"
#include "indexer/indexer_internal.h"
#include "indexer/source/walk.h"

#define DEFAULT_MAX_FILE ((uint64_t)64 << 20)

/* A larger file's buffers are given back before the next file. */
#define KEEP_BUFFER ((size_t)4 << 20)

/* Files of a batch, however small they are. */
#define FILES_MAX 512u

typedef struct run {
    pi_source source; /* first: what is done comes back with it */
    parasol_indexer *w;
    parasol_tree_options options;
    parasol_tree_summary summary;
    pi_walk *walk;
    pi_batch *batch; /* being filled */
    uint64_t seen;   /* bytes of the files that are done */
    parasol_error *err;
} run;

const char *parasol_skip_word(int skip)
{
    switch (skip) {
    case PARASOL_SKIP_NONE: return "indexed";
#define SKIP_WORD(name, word, sentence)                                        \
    case PARASOL_SKIP_##name: return word;
        PARASOL_SKIP_MAP(SKIP_WORD)
#undef SKIP_WORD
    default: return "unknown";
    }
}

const char *parasol_skip_str(int skip)
{
    switch (skip) {
    case PARASOL_SKIP_NONE: return "is indexed";
#define SKIP_SENTENCE(name, word, sentence)                                    \
    case PARASOL_SKIP_##name: return sentence;
        PARASOL_SKIP_MAP(SKIP_SENTENCE)
#undef SKIP_SENTENCE
    default: return "is not indexed for an unknown reason";
    }
}

/* ---- in the threads ----------------------------------------------------- */

static void put_meta(pc_field *meta, size_t *n, const char *name, pc_str value)
{
    if (value.len > 0)
        meta[(*n)++] = (pc_field){pc_str_of(name), value};
}

static int add_document(pi_worker *k, pi_batch *b, const pi_input *in,
                        const pi_extract *x, parasol_error *err)
{
    pi_draft doc = in->doc;
    pc_field *meta =
        pc_arena_zalloc(&k->scratch, x->meta_count + 2, sizeof *meta);
    if (!meta)
        return pc_fail_nomem(err);
    put_meta(meta, &doc.n_meta, "lang", x->lang);
    for (size_t i = 0; i < x->meta_count; i++)
        put_meta(meta, &doc.n_meta, x->meta[i].name.ptr, x->meta[i].value);
    put_meta(meta, &doc.n_meta, "ext", pi_extension(doc.id));
    doc.title = x->title;
    doc.date = x->date;
    doc.text = x->text;
    doc.meta = meta;
    return pi_worker_document(k, b, &doc, err);
}

static int work_file(pi_worker *k, pi_batch *b, pi_input *in,
                     parasol_error *err)
{
    pi_extract x = {.skip = in->skip};
    const char *detail = in->detail;
    int rc = PARASOL_OK;
    pc_arena_clear(&k->scratch);
    if (!in->skip) {
        rc = pi_extract_bytes(&x, in->doc.id, pc_buf_str(&in->bytes),
                              &k->scratch, err);
        detail = x.detail;
    }
    if (!rc && x.skip)
        rc = pi_worker_skip(k, b, in->doc.id, in->doc.bytes, x.skip, detail,
                            NULL, err);
    else if (!rc)
        rc = add_document(k, b, in, &x, err);
    pc_buf_release(&in->bytes);
    pc_buf_init(&in->bytes, k->w->mem);
    return rc;
}

static int work_files(pi_worker *k, pi_batch *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < b->n_inputs; i++)
        rc = work_file(k, b, &b->inputs[i], err);
    if (k->scratch.total > KEEP_BUFFER)
        pc_arena_release(&k->scratch);
    return rc;
}

/* ---- in the caller's thread --------------------------------------------- */

static int report(run *r, const pi_item *item, parasol_error *err)
{
    r->seen += item->bytes;
    parasol_progress p = {item->path.ptr, item->bytes, item->skip,
                          item->detail,   r->seen,     0};
    if (!r->options.progress || !r->options.progress(&p, r->options.user))
        return PARASOL_OK;
    return pc_fail(err, PARASOL_ARG, "stopped by the caller at %s",
                   item->path.ptr);
}

static int take_done(pi_source *source, const pi_item *item, parasol_error *err)
{
    run *r = (run *)source; /* its first member */
    int rc = pi_summary_take(&r->summary, r->w, item, err);
    return rc ? rc : report(r, item, err);
}

static int put_batch(run *r)
{
    pi_batch *b = r->batch;
    r->batch = NULL;
    return b ? pi_pipe_put(r->w, b, r->err) : PARASOL_OK;
}

/* The path of an entry, behind the prefix, in the arena of the batch. */
static int put_path(run *r, pc_str path, pc_str *out)
{
    const char *prefix = r->options.prefix;
    size_t n = prefix ? strlen(prefix) : 0;
    size_t slash = n > 0 && prefix[n - 1] != '/';
    char *to = pc_arena_alloc(&r->batch->arena, n + slash + path.len + 1);
    if (!to)
        return PARASOL_NOMEM;
    *out = (pc_str){to, n + slash + path.len};
    if (n > 0)
        memcpy(to, prefix, n);
    if (slash)
        to[n] = '/';
    memcpy(to + n + slash, path.ptr, path.len);
    to[out->len] = 0;
    return PARASOL_OK;
}

/* Reads the file of an entry into the batch. */
static int take_entry(run *r, pi_entry *entry)
{
    int rc = PARASOL_OK;
    if (!r->batch) {
        rc = pi_pipe_batch(r->w, &r->batch, r->err);
        if (rc)
            return rc;
        r->batch->source = &r->source;
        r->batch->work = work_files;
    }
    pi_batch *b = r->batch;
    pi_input *in = pi_batch_input(b);
    if (!in)
        return pc_fail_nomem(r->err);
    if (!entry->skip)
        rc = pi_walk_read(r->walk, entry, &in->bytes, r->options.max_file_bytes,
                          r->err);
    if (rc)
        return rc;
    if (put_path(r, entry->path, &in->doc.id))
        return pc_fail_nomem(r->err);
    in->doc.bytes = entry->bytes;
    in->skip = entry->skip;
    in->detail = pc_arena_copy(&b->arena, entry->detail, strlen(entry->detail));
    if (!in->detail)
        return pc_fail_nomem(r->err);
    b->size += in->bytes.len;
    if (b->size >= r->w->budget.batch || b->n_inputs >= FILES_MAX)
        rc = put_batch(r);
    return rc;
}

int pi_summary_take(parasol_tree_summary *summary, parasol_indexer *w,
                    const pi_item *item, parasol_error *err)
{
    summary->files++;
    if (item->skip) {
        summary->skipped[item->skip]++;
        return pi_indexer_note_skip(w, item->path, item->bytes, item->skip,
                                    pc_str_of(item->detail), err);
    }
    summary->indexed++;
    summary->bytes += item->bytes;
    summary->text_bytes += item->text_bytes;
    summary->repaired += item->repaired > 0;
    return PARASOL_OK;
}

void pi_summary_add(parasol_tree_summary *to, const parasol_tree_summary *from)
{
    parasol_tree_summary sum = PARASOL_TREE_SUMMARY_INIT;
    size_t size = to->struct_size < sizeof sum ? to->struct_size : sizeof sum;
    if (size < sizeof to->struct_size)
        return;
    memcpy(&sum, to, size);
    sum.files += from->files;
    sum.indexed += from->indexed;
    sum.bytes += from->bytes;
    sum.text_bytes += from->text_bytes;
    sum.repaired += from->repaired;
    sum.ignored_files += from->ignored_files;
    sum.ignored_folders += from->ignored_folders;
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++)
        sum.skipped[i] += from->skipped[i];
    memcpy(to, &sum, size);
}

static parasol_tree_options read_options(const parasol_tree_options *given)
{
    parasol_tree_options options = PARASOL_TREE_OPTIONS_INIT;
    if (given && given->struct_size > 0) {
        size_t size = given->struct_size < sizeof options ? given->struct_size
                                                          : sizeof options;
        memcpy(&options, given, size);
    }
    if (options.max_file_bytes == 0)
        options.max_file_bytes = DEFAULT_MAX_FILE;
    return options;
}

static int walk_tree(run *r)
{
    pi_entry entry;
    bool more = true;
    int rc = PARASOL_OK;
    while (!rc) {
        rc = pi_walk_next(r->walk, &entry, &more, r->err);
        if (rc || !more)
            break;
        rc = take_entry(r, &entry);
    }
    if (!rc)
        rc = put_batch(r);
    return rc ? rc : pi_pipe_drain(r->w, r->err);
}

int parasol_indexer_add_tree(parasol_indexer *w, const char *dir,
                             const parasol_tree_options *options,
                             parasol_tree_summary *summary, parasol_error *err)
{
    run r = {.source = {take_done},
             .w = w,
             .options = read_options(options),
             .summary = PARASOL_TREE_SUMMARY_INIT,
             .err = err};
    if (!w || !dir)
        return pc_fail(err, PARASOL_ARG, "no indexer or no folder given");
    int rc = pi_indexer_begin(w, err);
    if (rc)
        return rc;
    pi_walk_options walk = {.exclude = w->dir,
                            .gitignore = r.options.gitignore != 0};
    rc = pi_walk_open(&r.walk, dir, &walk, w->mem, err);
    if (rc)
        return rc;
    rc = walk_tree(&r);
    pi_walk_ignored(r.walk, &r.summary.ignored_files,
                    &r.summary.ignored_folders);
    if (rc)
        pi_pipe_abandon(w); /* they would come back to nobody */
    pi_batch_free(r.batch);
    pi_walk_free(r.walk);
    if (summary)
        pi_summary_add(summary, &r.summary);
    return pi_indexer_end(w, rc);
}

int parasol_tree_size(const char *dir, const char *index,
                      const parasol_tree_options *options, uint64_t *bytes,
                      parasol_error *err)
{
    parasol_tree_options o = read_options(options);
    pi_walk_options how = {.exclude = index, .gitignore = o.gitignore != 0};
    pi_walk *walk = NULL;
    pi_entry entry;
    bool more = true;
    if (!dir || !bytes)
        return pc_fail(err, PARASOL_ARG, "no folder given");
    *bytes = 0;
    int rc = pi_walk_open(&walk, dir, &how, NULL, err);
    while (!rc) {
        rc = pi_walk_next(walk, &entry, &more, err);
        if (rc || !more)
            break;
        *bytes += entry.bytes;
    }
    pi_walk_free(walk);
    return rc;
}
