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

typedef struct run {
    parasol_indexer *w;
    parasol_tree_options options;
    parasol_tree_summary summary;
    const pc_mem *mem;
    pi_walk *walk;
    pc_arena arena; /* of one file */
    pc_buf bytes;   /* of one file */
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

static int report(run *r, const pi_entry *entry)
{
    parasol_progress p = {entry->path.ptr, entry->bytes, entry->skip,
                          entry->detail};
    if (!r->options.progress || !r->options.progress(&p, r->options.user))
        return PARASOL_OK;
    return pc_fail(r->err, PARASOL_ARG, "stopped by the caller at %s",
                   entry->path.ptr);
}

/* Adds a field if there is room; the arrays below have it. */
static void put_meta(parasol_meta *meta, size_t *n, const char *name,
                     pc_str value)
{
    if (value.len > 0)
        meta[(*n)++] = (parasol_meta){name, value.ptr};
}

static int add_document(run *r, const pi_entry *entry, const pi_extract *x)
{
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    size_t n = 0;
    pc_str ext = pi_extension(entry->path);
    parasol_meta *meta =
        pc_arena_zalloc(&r->arena, x->meta_count + 2, sizeof *meta);
    if (!meta)
        return pc_fail_nomem(r->err);
    put_meta(meta, &n, "lang", x->lang);
    for (size_t i = 0; i < x->meta_count; i++)
        put_meta(meta, &n, x->meta[i].name.ptr, x->meta[i].value);
    put_meta(meta, &n, "ext", ext);
    doc.id = entry->path.ptr;
    doc.title = x->title.ptr;
    doc.date = x->date.len > 0 ? x->date.ptr : NULL;
    doc.text = x->text.ptr;
    doc.text_len = x->text.len;
    doc.meta = meta;
    doc.meta_count = n;
    int rc = parasol_indexer_add(r->w, &doc, r->err);
    if (rc)
        return rc;
    r->summary.indexed++;
    r->summary.bytes += entry->bytes;
    r->summary.text_bytes += x->text.len;
    return PARASOL_OK;
}

static int note_skip(run *r, const pi_entry *entry)
{
    r->summary.skipped[entry->skip]++;
    return pi_indexer_note_skip(r->w, entry->path, entry->bytes, entry->skip,
                                pc_str_of(entry->detail), r->err);
}

static int take_entry(run *r, pi_entry *entry)
{
    pi_extract x = {.skip = PARASOL_SKIP_NONE};
    int rc = PARASOL_OK;
    pc_arena_clear(&r->arena);
    if (r->bytes.cap > KEEP_BUFFER) {
        pc_buf_release(&r->bytes);
        pc_buf_init(&r->bytes, r->mem);
    }
    r->summary.files++;
    if (!entry->skip)
        rc = pi_walk_read(r->walk, entry, &r->bytes, r->options.max_file_bytes,
                          r->err);
    if (rc)
        return rc;
    if (!entry->skip) {
        rc = pi_extract_bytes(&x, entry->path, pc_buf_str(&r->bytes), &r->arena,
                              r->err);
        if (rc)
            return rc;
        entry->skip = x.skip;
        entry->detail = x.detail;
    }
    rc = entry->skip ? note_skip(r, entry) : add_document(r, entry, &x);
    return rc ? rc : report(r, entry);
}

/* Adds what was counted to the caller's struct, as far as it reaches. */
static void add_summary(parasol_tree_summary *to,
                        const parasol_tree_summary *from)
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

int parasol_indexer_add_tree(parasol_indexer *w, const char *dir,
                             const parasol_tree_options *options,
                             parasol_tree_summary *summary, parasol_error *err)
{
    run r = {.w = w,
             .options = read_options(options),
             .summary = PARASOL_TREE_SUMMARY_INIT,
             .err = err};
    pi_entry entry;
    bool more = true;
    if (!w || !dir)
        return pc_fail(err, PARASOL_ARG, "no indexer or no folder given");
    r.mem = pi_indexer_mem(w);
    pc_arena_init(&r.arena, r.mem, 0);
    pc_buf_init(&r.bytes, r.mem);
    int rc = pi_walk_open(&r.walk, dir, pi_indexer_dir(w), r.mem, err);
    while (!rc) {
        rc = pi_walk_next(r.walk, &entry, &more, err);
        if (rc || !more)
            break;
        rc = take_entry(&r, &entry);
    }
    pi_walk_free(r.walk);
    pc_buf_release(&r.bytes);
    pc_arena_release(&r.arena);
    if (summary)
        add_summary(summary, &r.summary);
    return rc;
}
