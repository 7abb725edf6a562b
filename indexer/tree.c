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
#include "indexer/tree_changes.h"

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
    pc_buf path;     /* of the entry, behind its prefix, zero-terminated */
    bool trusted;    /* times in the catalog are about this very folder */
    size_t first;    /* of what the catalog knows by this run */
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

/* Adds an item for what the commit before has already. */
static int add_same(pi_worker *k, pi_batch *b, const pi_input *in,
                    parasol_error *err)
{
    pi_item *item = NULL;
    int rc = pi_worker_skip(k, b, in->doc.id, in->doc.bytes, in->known_skip, "",
                            &item, err);
    if (!rc)
        item->same = true;
    return rc;
}

static int add_file(pi_worker *k, pi_batch *b, pi_input *in, parasol_error *err)
{
    pi_extract x = {.skip = in->skip};
    const char *detail = in->detail;
    int rc = PARASOL_OK;
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
    return rc;
}

static int work_file(pi_worker *k, pi_batch *b, pi_input *in,
                     parasol_error *err)
{
    uint64_t hash[2] = {0, 0};
    pc_arena_clear(&k->scratch);
    if (!in->skip)
        pi_content_hash(pc_buf_str(&in->bytes), hash);
    int rc = pi_is_known(in, hash) ? add_same(k, b, in, err)
                                   : add_file(k, b, in, err);
    if (!rc) {
        pi_item *item = &b->items[b->n_items - 1];
        item->input = in;
        item->content[0] = hash[0];
        item->content[1] = hash[1];
    }
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
    int rc = pi_note_file(r->w, item, &r->summary, err);
    return rc ? rc : report(r, item, err);
}

static int put_batch(run *r)
{
    pi_batch *b = r->batch;
    r->batch = NULL;
    return b ? pi_pipe_put(r->w, b, r->err) : PARASOL_OK;
}

/* Puts the path of an entry, behind the prefix, into r->path. */
static int set_path(run *r, pc_str path)
{
    const char *prefix = r->options.prefix;
    size_t n = prefix ? strlen(prefix) : 0;
    pc_buf_clear(&r->path);
    if (n > 0)
        pc_buf_put(&r->path, prefix, n);
    if (n > 0 && prefix[n - 1] != '/')
        pc_buf_put_u8(&r->path, '/');
    pc_buf_put_str(&r->path, path);
    pc_buf_put_u8(&r->path, 0);
    r->path.len--;
    return r->path.status ? pc_fail_nomem(r->err) : PARASOL_OK;
}

/* An input of the batch for the entry, of which `old`, if not NULL, is
   known. */
static int new_input(run *r, const pc_file_entry *old, uint64_t number,
                     pi_input **out)
{
    int rc = PARASOL_OK;
    if (!r->batch) {
        rc = pi_pipe_batch(r->w, &r->batch, r->err);
        if (rc)
            return rc;
        r->batch->source = &r->source;
        r->batch->work = work_files;
    }
    pi_input *in = pi_batch_input(r->batch);
    if (!in)
        return pc_fail_nomem(r->err);
    in->doc.id.ptr = pc_arena_copy(&r->batch->arena, r->path.ptr, r->path.len);
    in->doc.id.len = r->path.len;
    if (old) {
        in->known = true;
        in->known_number = number;
        in->known_skip = (int)old->skip;
        in->known_bytes = old->size;
        in->known_hash[0] = old->hash[0];
        in->known_hash[1] = old->hash[1];
    }
    *out = in;
    return in->doc.id.ptr ? PARASOL_OK : pc_fail_nomem(r->err);
}

/* Reads the file of an entry into the batch. */
static int read_entry(run *r, pi_entry *entry, const pc_file_entry *old,
                      uint64_t number)
{
    pi_input *in = NULL;
    int rc = new_input(r, old, number, &in);
    if (!rc && !entry->skip)
        rc = pi_walk_read(r->walk, entry, &in->bytes, r->options.max_file_bytes,
                          r->err);
    if (rc)
        return rc;
    pi_batch *b = r->batch;
    in->doc.bytes = entry->bytes;
    in->mtime = entry->mtime;
    in->ctime = entry->ctime;
    in->skip = entry->skip;
    in->detail = pc_arena_copy(&b->arena, entry->detail, strlen(entry->detail));
    if (!in->detail)
        return pc_fail_nomem(r->err);
    b->size += in->bytes.len;
    if (b->size >= r->w->budget.batch || b->n_inputs >= FILES_MAX)
        rc = put_batch(r);
    return rc;
}

static int take_entry(run *r, pi_entry *entry)
{
    pc_file_entry old;
    uint64_t number = 0;
    bool known = false;
    int rc = set_path(r, entry->path);
    if (!rc)
        rc = pi_catalog_look(&r->w->catalog, pc_buf_str(&r->path), &old,
                             &number, &known, r->err);
    if (rc)
        return rc;
    if (known && pi_is_as_before(&r->w->catalog, entry, &old, r->trusted,
                                 r->options.max_file_bytes)) {
        pi_catalog_keep(&r->w->catalog, number);
        pi_count_same(&r->summary, (int)old.skip);
        return PARASOL_OK;
    }
    return read_entry(r, entry, known ? &old : NULL, number);
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
    sum.added += from->added;
    sum.changed += from->changed;
    sum.removed += from->removed;
    sum.renamed += from->renamed;
    sum.unchanged += from->unchanged;
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
    return options;
}

/* What is not said is as it was when the index was made. */
static int settle_options(run *r)
{
    pi_catalog *c = &r->w->catalog;
    parasol_tree_options *o = &r->options;
    pi_recorded was = {PI_MAX_FILE, false};
    int rc =
        pi_catalog_recorded(&was, r->w->dir, &r->w->now, r->w->mem, r->err);
    if (o->max_file_bytes == 0)
        o->max_file_bytes = was.max_file;
    if (o->gitignore == 0)
        o->gitignore = was.gitignore ? 1 : -1;
    c->max_file = o->max_file_bytes;
    c->gitignore = o->gitignore > 0;
    return rc;
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

static int open_walk(run *r, const char *dir)
{
    pc_str prefix = pc_str_of(r->options.prefix ? r->options.prefix : "");
    pi_walk_options o = {.exclude = r->w->dir,
                         .gitignore = r->options.gitignore > 0};
    int rc = pi_note_folder(r->w, prefix, dir, &r->trusted, r->err);
    return rc ? rc : pi_walk_open(&r->walk, dir, &o, r->w->mem, r->err);
}

static void close_walk(run *r)
{
    uint64_t files = 0, folders = 0;
    if (!r->walk)
        return;
    pi_walk_ignored(r->walk, &files, &folders);
    r->summary.ignored_files += files;
    r->summary.ignored_folders += folders;
    pi_walk_free(r->walk);
    r->walk = NULL;
}

/* Everything below one folder. */
static int add_folder(run *r, const char *dir)
{
    int rc = open_walk(r, dir);
    if (!rc)
        rc = walk_tree(r);
    close_walk(r);
    return rc;
}

static int start(run *r, parasol_indexer *w,
                 const parasol_tree_options *options, parasol_error *err)
{
    *r = (run){.source = {take_done},
               .w = w,
               .options = read_options(options),
               .summary = PARASOL_TREE_SUMMARY_INIT,
               .first = w->catalog.n_known,
               .err = err};
    pc_buf_init(&r->path, w->mem);
    int rc = settle_options(r);
    return rc ? rc : pi_indexer_begin(w, err);
}

/* After the walks: files below `prefix` that are not there any more go. */
static int finish(run *r, int rc, pc_str prefix, parasol_tree_summary *summary)
{
    parasol_tree_options *o = &r->options;
    if (!rc)
        rc = pi_finish_changes(r->w, r->first, prefix, &r->summary, o, r->err);
    if (rc)
        pi_pipe_abandon(r->w); /* they would come back to nobody */
    pi_batch_free(r->batch);
    pc_buf_release(&r->path);
    if (summary)
        pi_summary_add(summary, &r->summary);
    return pi_indexer_end(r->w, rc);
}

int parasol_indexer_add_tree(parasol_indexer *w, const char *dir,
                             const parasol_tree_options *options,
                             parasol_tree_summary *summary, parasol_error *err)
{
    run r;
    if (!w || !dir)
        return pc_fail(err, PARASOL_ARG, "no indexer or no folder given");
    int rc = start(&r, w, options, err);
    if (rc)
        return rc;
    rc = add_folder(&r, dir);
    return finish(&r, rc, pc_str_of(r.options.prefix ? r.options.prefix : ""),
                  summary);
}

int parasol_indexer_sync_trees(parasol_indexer *w, const char *const *dirs,
                               size_t n, const parasol_tree_options *options,
                               parasol_tree_summary *summary,
                               parasol_error *err)
{
    run r;
    if (!w || !dirs || n == 0)
        return pc_fail(err, PARASOL_ARG, "no indexer or no folder given");
    int rc = start(&r, w, options, err);
    if (rc)
        return rc;
    w->catalog.whole = true;
    w->catalog.changed =
        w->catalog.changed ||
        (w->catalog.old && (w->catalog.old->max_file != w->catalog.max_file ||
                            w->catalog.old->gitignore != w->catalog.gitignore));
    for (size_t i = 0; !rc && i < n; i++) {
        r.options.prefix = n > 1 ? dirs[i] : r.options.prefix;
        rc = add_folder(&r, dirs[i]);
    }
    return finish(&r, rc, PC_STR_LIT(""), summary);
}

/* A file or a folder below one. */
static int add_path(run *r, const char *dir, pc_str path)
{
    pi_entry entry;
    enum pi_found found = PI_FOUND_NONE;
    int rc = open_walk(r, dir);
    if (!rc)
        rc = pi_walk_seek(r->walk, path, &entry, &found, r->err);
    if (!rc && found == PI_FOUND_FILE)
        rc = take_entry(r, &entry);
    if (!rc && found == PI_FOUND_FOLDER)
        rc = walk_tree(r);
    if (!rc)
        rc = put_batch(r);
    if (!rc)
        rc = pi_pipe_drain(r->w, r->err);
    close_walk(r);
    return rc;
}

static bool leads_out(const char *path)
{
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        size_t n = strcspn(p, "/");
        if (n == 0 || (n == 1 && p[0] == '.') ||
            (n == 2 && p[0] == '.' && p[1] == '.'))
            return true;
    }
    return false;
}

int parasol_indexer_add_path(parasol_indexer *w, const char *dir,
                             const char *path,
                             const parasol_tree_options *options,
                             parasol_tree_summary *summary, parasol_error *err)
{
    run r;
    if (!w || !dir || !path)
        return pc_fail(err, PARASOL_ARG, "no indexer, folder or file given");
    if (leads_out(path))
        return pc_fail(err, PARASOL_ARG, "%s is no path below a folder", path);
    int rc = start(&r, w, options, err);
    if (rc)
        return rc;
    rc = add_path(&r, dir, pc_str_of(path));
    if (!rc)
        rc = set_path(&r, pc_str_of(path));
    return finish(&r, rc, pc_buf_str(&r.path), summary);
}

int parasol_tree_size(const char *dir, const char *index,
                      const parasol_tree_options *options, uint64_t *bytes,
                      parasol_error *err)
{
    parasol_tree_options o = read_options(options);
    pi_walk_options how = {.exclude = index, .gitignore = o.gitignore > 0};
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
