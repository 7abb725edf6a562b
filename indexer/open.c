/*
 * Opening an indexer, and closing it: what it starts from is decided here.
 */
#include <stdio.h>

#include "common/base/fail.h"
#include "indexer/extract/extract.h"
#include "indexer/indexer_internal.h"

static parasol_indexer_options read_options(const parasol_indexer_options *o)
{
    parasol_indexer_options all = PARASOL_INDEXER_OPTIONS_INIT;
    if (o) {
        size_t n = o->struct_size < sizeof all ? o->struct_size : sizeof all;
        memcpy(&all, o, n);
    }
    return all;
}

static char *copy_of(const char *z, const pc_mem *mem)
{
    size_t len = strlen(z);
    char *copy = pc_alloc(mem, len + 1, 1);
    if (copy)
        memcpy(copy, z, len + 1);
    return copy;
}

/* ---- what can be updated ------------------------------------------------ */

/* The language in a description of the analysis, or "english". */
static const char *language_of(pc_str spec)
{
    static const char mark[] = " lang/";
    const char *at = spec.len > 0 ? strstr(spec.ptr, mark) : NULL;
    return at ? at + sizeof mark - 1 : "english";
}

/* The name of the analysis that is asked for: a language, and the weight of
   titles. NULL: out of memory. */
static char *choose_analysis(const parasol_indexer *w,
                             const parasol_indexer_options *o)
{
    bool of_index =
        o->update != PARASOL_UPDATE_NONE && w->now.analyzer_spec.len > 0;
    const char *new_language = o->new_language ? o->new_language : "english";
    pc_str now =
        pc_str_of(of_index ? language_of(w->now.analyzer_spec) : new_language);
    const char *space = memchr(now.ptr, ' ', now.len);
    size_t n = space ? (size_t)(space - now.ptr) : now.len;
    pc_str weight = {now.ptr + n, now.len - n};
    pc_str language = {now.ptr, n};
    char given[32] = "";
    if (o->language)
        language = pc_str_of(o->language);
    if (o->title_weight > 1)
        (void)snprintf(given, sizeof given, " title/%u", o->title_weight);
    if (o->title_weight > 0)
        weight = pc_str_of(given);
    char *name = pc_alloc(w->mem, language.len + weight.len + 1, 1);
    if (name) {
        memcpy(name, language.ptr, language.len);
        memcpy(name + language.len, weight.ptr, weight.len);
        name[language.len + weight.len] = 0;
    }
    return name;
}

/* An index whose language is to be kept has to name one that there is. A run
   of folders begins anew otherwise, as with any commit that is not read. */
static int check_analysis(parasol_indexer *w, const parasol_indexer_options *o,
                          parasol_error *err)
{
    pc_analyzer *a = NULL;
    if (o->update == PARASOL_UPDATE_NONE || o->language ||
        w->now.analyzer_spec.len == 0)
        return PARASOL_OK;
    char *name = choose_analysis(
        w, &(parasol_indexer_options){.update = PARASOL_UPDATE});
    if (!name)
        return pc_fail_nomem(err);
    int rc = pc_analyzer_open(&a, name, w->mem, err);
    pc_analyzer_free(a);
    pc_free(w->mem, name);
    if (rc != PARASOL_ARG)
        return rc;
    if (o->update == PARASOL_UPDATE_FOLDERS)
        return pc_manifest_set_spec(&w->now, (pc_str){"", 0}, err);
    return pc_fail(err, PARASOL_VERSION,
                   "%s was analysed for a language that this build does not "
                   "know",
                   w->dir);
}

/* Says why the commit before cannot be updated; ARG. */
static int refuse(parasol_indexer *w, const char *why)
{
    (void)snprintf(w->why, sizeof w->why, "%s", why);
    return PARASOL_ARG;
}

static int fits_analysis(parasol_indexer *w)
{
    const pc_analyzer *a = w->workers[0].analyzer;
    pc_str spec = pc_analyzer_spec(a);
    if (pc_str_eq(spec, w->now.analyzer_spec) &&
        pc_analyzer_fingerprint(a) == w->now.fingerprint)
        return PARASOL_OK;
    if (strcmp(language_of(spec), language_of(w->now.analyzer_spec)) == 0)
        return refuse(w, "its words were analysed by another version");
    char text[160];
    (void)snprintf(text, sizeof text,
                   "its words were analysed otherwise (language %.32s, not "
                   "%.32s)",
                   language_of(w->now.analyzer_spec), language_of(spec));
    return refuse(w, text);
}

static int fits_text(parasol_indexer *w, parasol_error *err)
{
    bool stored, some;
    int rc = pi_parts_text(&w->parts, &stored, &some, err);
    if (!rc && w->text_as_before && some)
        w->store_text = stored;
    if (rc || !some || stored == w->store_text)
        return rc;
    return refuse(w, stored ? "it stores the text of its documents"
                            : "it does not store the text of its documents");
}

static int fits_folders(parasol_indexer *w)
{
    if (w->now.files_number == 0)
        return refuse(w, "it was not made of folders");
    if (w->catalog.old->reader != PI_EXTRACT_VERSION)
        return refuse(w, "its files were read by another version");
    return PARASOL_OK;
}

/* Whether the commit before can be updated; ARG with w->why when not. */
static int start_update(parasol_indexer *w, int mode, parasol_error *err)
{
    int rc = fits_analysis(w);
    if (!rc)
        rc = pi_parts_take(&w->parts, &w->now, err);
    if (!rc)
        rc = fits_text(w, err);
    if (!rc)
        rc = pi_catalog_open(&w->catalog, &w->now, err);
    if (!rc && mode == PARASOL_UPDATE_FOLDERS)
        rc = fits_folders(w);
    return rc;
}

/* Damage is a reason to start anew, not to give up. */
static bool is_damage(int rc)
{
    return rc == PARASOL_CORRUPT || rc == PARASOL_NOTFOUND ||
           rc == PARASOL_VERSION;
}

int pi_indexer_decide(parasol_indexer *w, const parasol_indexer_options *o,
                      parasol_error *err)
{
    parasol_error e = {0};
    if (o->update == PARASOL_UPDATE_NONE || w->now.commit == 0)
        return PARASOL_OK;
    int rc = PARASOL_OK;
    if (w->now.analyzer_spec.len == 0)
        rc = pc_fail(&e, PARASOL_CORRUPT,
                     "%s: its newest commit is damaged, or of a version that "
                     "is not read any more",
                     w->dir);
    else
        rc = start_update(w, o->update, &e);
    w->updating = rc == PARASOL_OK;
    if (!rc)
        return rc;
    if (rc == PARASOL_ARG && o->update == PARASOL_UPDATE)
        (void)pc_fail(&e, rc, "%s cannot be updated: %s", w->dir, w->why);
    if (is_damage(rc))
        (void)snprintf(w->why, sizeof w->why, "%.250s", e.message);
    if (o->update == PARASOL_UPDATE_FOLDERS &&
        (rc == PARASOL_ARG || is_damage(rc))) {
        w->store_text = o->store_text != 0;
        pi_parts_release(&w->parts);
        pi_catalog_release(&w->catalog);
        return PARASOL_OK;
    }
    if (err)
        *err = e;
    return rc;
}

const char *parasol_indexer_why(const parasol_indexer *w)
{
    return w->updating ? "" : w->why;
}

int parasol_indexer_is_update(const parasol_indexer *w)
{
    return w->updating;
}

/* ---- opening ------------------------------------------------------------ */

static int open_workers(parasol_indexer *w, parasol_error *err)
{
    int rc = pc_pool_open(&w->pool, w->budget.jobs, w->mem, err);
    if (rc)
        return rc;
    unsigned n = pc_pool_workers(w->pool);
    w->workers = pc_zalloc(w->mem, n, sizeof *w->workers);
    if (!w->workers)
        return pc_fail_nomem(err);
    for (; !rc && w->n_workers < n; w->n_workers++)
        rc = pi_worker_init(&w->workers[w->n_workers], w, err);
    return rc;
}

/* The commit before, without a lock and for reading only. */
static int peek(parasol_indexer *w, parasol_error *err)
{
    parasol_error e = {0};
    int rc = pc_manifest_newest(w->dir, &w->now, w->mem, &e);
    if (rc == PARASOL_NOTFOUND || rc == PARASOL_CORRUPT) {
        pc_manifest_release(&w->now);
        w->now.commit = rc == PARASOL_CORRUPT;
        return PARASOL_OK;
    }
    if (rc && err)
        *err = e;
    return rc;
}

static int open_parts(parasol_indexer *w, const char *path,
                      const parasol_indexer_options *o, parasol_error *err)
{
    w->dir = copy_of(path, w->mem);
    if (!w->dir)
        return pc_fail_nomem(err);
    pi_parts_init(&w->parts, w->dir, w->mem);
    pi_catalog_init(&w->catalog, w->dir, w->mem);
    int rc = w->dry ? peek(w, err)
                    : pi_commit_prepare(w->dir, &w->lock, &w->now, w->mem, err);
    if (rc)
        return rc;
    rc = check_analysis(w, o, err);
    if (rc)
        return rc;
    w->language = choose_analysis(w, o);
    if (!w->language)
        return pc_fail_nomem(err);
    rc = open_workers(w, err);
    if (!rc)
        rc = pi_indexer_decide(w, o, err);
    if (rc)
        return rc;
    const pc_analyzer *a = w->workers[0].analyzer;
    if (pc_analyzer_is_auto(a)) {
        rc = pi_detector_open(&w->detector, pc_analyzer_language(a), w->mem,
                              err);
        if (rc)
            return rc;
    }
    w->next.commit = w->now.commit + 1;
    w->next.next_segment = w->now.next_segment;
    w->next.fingerprint = pc_analyzer_fingerprint(a);
    w->next.flags = w->synced ? 0 : PC_MANIFEST_RELAXED;
    return pc_manifest_set_spec(&w->next, pc_analyzer_spec(a), err);
}

static void init_parts(parasol_indexer *w, const parasol_indexer_options *o)
{
    if (o->alloc)
        w->alloc = *o->alloc;
    w->mem = &w->alloc;
    w->store_text = o->store_text != 0;
    w->text_as_before = o->store_text < 0;
    w->segment_docs = o->segment_docs;
    w->with_ids = o->ids != 0;
    w->dry = o->dry_run != 0;
    w->merge = o->update != PARASOL_UPDATE_NONE && !o->no_merge;
    w->synced = o->durability != PARASOL_DURABILITY_FAST;
    w->merging = o->merging;
    w->user = o->user;
    pi_budget_make(&w->budget, o->memory, o->jobs);
    atomic_init(&w->share, pi_budget_share(&w->budget, 0));
    atomic_init(&w->stop, false);
    pc_manifest_init(&w->now, w->mem);
    pc_manifest_init(&w->next, w->mem);
    pi_skip_list_init(&w->skips, w->mem);
    pi_parts_init(&w->parts, NULL, w->mem);
    pi_catalog_init(&w->catalog, NULL, w->mem);
    pi_column_writer_init(&w->columns, w->with_ids, w->mem);
    pi_id_writer_init(&w->id_writer, w->mem);
    pi_spool_init(&w->inverted, NULL, 0, w->mem);
    pi_spool_init(&w->hashes, NULL, 0, w->mem);
}

int parasol_indexer_open(parasol_indexer **out, const char *path,
                         const parasol_indexer_options *options,
                         parasol_error *err)
{
    parasol_indexer_options o = read_options(options);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    parasol_indexer *w = pc_zalloc(o.alloc, 1, sizeof *w);
    if (!w)
        return pc_fail_nomem(err);
    init_parts(w, &o);
    int rc = open_parts(w, path, &o, err);
    pi_store_writer_init(&w->store, w->dir, 0, w->mem);
    pi_spool_init(&w->inverted, w->dir, w->budget.spool, w->mem);
    pi_spool_init(&w->hashes, w->dir, w->budget.spool, w->mem);
    pi_column_writer_spill(&w->columns, w->dir, w->budget.values,
                           w->budget.spool);
    pi_id_writer_spill(&w->id_writer, w->dir, w->budget.values,
                       w->budget.spool);
    if (!rc)
        rc = pi_store_writer_share(
            &w->store, pc_pool_workers(w->pool) > 1 ? w->pool : NULL,
            w->budget.spool, err);
    if (rc)
        parasol_indexer_close(w);
    else
        *out = w;
    return rc;
}

/* ---- closing ------------------------------------------------------------ */

/* Files of a commit that never came to be. Where the commit before is damaged,
   what is left of it stays. */
static void clean_up(parasol_indexer *w)
{
    bool sound_before = w->now.commit == 0 || w->now.analyzer_spec.len > 0;
    bool wrote = w->next.next_segment != w->now.next_segment;
    if (w->lock.fd_plus_1 && !w->done && wrote && sound_before)
        pi_commit_collect(w->dir, &w->now, w->mem);
}

void parasol_indexer_close(parasol_indexer *w)
{
    if (!w)
        return;
    pi_pipe_abandon(w);
    pi_batch_free(w->open);
    pi_store_writer_release(&w->store); /* before its pool */
    pi_parts_release(&w->parts);
    pi_catalog_release(&w->catalog);
    clean_up(w);
    pc_pool_close(w->pool);
    for (unsigned i = 0; i < w->n_workers; i++)
        pi_worker_release(&w->workers[i]);
    pc_lock_drop(&w->lock);
    pi_detector_free(w->detector);
    pc_manifest_release(&w->now);
    pc_manifest_release(&w->next);
    pi_skip_list_release(&w->skips);
    pi_column_writer_release(&w->columns);
    pi_id_writer_release(&w->id_writer);
    pi_spool_release(&w->inverted);
    pi_spool_release(&w->hashes);
    pc_mem alloc = w->alloc;
    for (size_t i = 0; i < w->n_inputs; i++)
        pc_free(&alloc, (void *)(uintptr_t)w->inputs[i].ptr);
    void *blocks[] = {w->workers, w->bases,  w->dir,   w->language,
                      w->slots,   w->buried, w->inputs};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(&alloc, blocks[i]);
    pc_free(&alloc, w);
}
