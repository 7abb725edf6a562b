/*
 * The steps, the model, and the story that is told through the library.
 */
#include "tests/crash/story.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <parasol/parasol.h>

#include "common/base/fail.h"
#include "tests/crash/story_programs.h"
#include "tests/support/scratch.h"

enum { LINES = 30 };

enum act { REBUILD, UPDATE, OPTIMIZE };

/* Documents from..to-1, every `by`-th, get a new version or go. */
typedef struct step {
    const char *name;
    enum act act;
    unsigned put, put_to, put_by;
    unsigned drop, drop_to, drop_by;
    unsigned segment_docs;
    int order;
} step;

static const step steps[] = {
    {"create", REBUILD, 0, 12, 1, 0, 0, 1, 0, 0},
    {"replace and add", UPDATE, 3, 16, 4, 0, 0, 1, 0, 0},
    {"delete", UPDATE, 0, 0, 1, 1, 6, 4, 0, 0},
    {"optimize", OPTIMIZE, 0, 0, 1, 0, 0, 1, 0, PARASOL_ORDER_BISECT},
    {"add several segments", UPDATE, 16, 24, 1, 0, 0, 1, 3, 0},
    {"add one", UPDATE, 36, 37, 1, 0, 0, 1, 0, 0},
    {"replace most", UPDATE, 0, 14, 1, 0, 0, 1, 0, 0},
    {"delete more", UPDATE, 0, 0, 1, 0, 20, 3, 0, 0},
    {"delete again", UPDATE, 0, 0, 1, 0, 20, 5, 0, 0},
    {"rebuild", REBUILD, 5, 30, 2, 12, 20, 1, 4, 0},
    {"order by path", OPTIMIZE, 0, 0, 1, 0, 0, 1, 0, PARASOL_ORDER_PATH},
    {"add and delete", UPDATE, 30, 36, 1, 5, 9, 2, 2, 0},
    {"replace one", UPDATE, 11, 12, 1, 0, 0, 1, 0, 0},
    {"delete all but few", UPDATE, 0, 0, 1, 3, 40, 1, 0, 0},
    {"add some", UPDATE, 3, 9, 1, 0, 0, 1, 0, 0},
    {"bring into the order of adding", OPTIMIZE, 0, 0, 1, 0, 0, 1, 0,
     PARASOL_ORDER_NONE},
};
enum { STEPS = sizeof steps / sizeof *steps };

unsigned story_steps(void)
{
    return STEPS;
}

const char *story_step_name(unsigned j)
{
    return steps[j].name;
}

int story_keeps(unsigned j)
{
    return steps[j].act == OPTIMIZE;
}

void story_model_after(int j, story_model *out)
{
    *out = (story_model){{0}};
    for (int i = 0; i <= j; i++) {
        const step *s = &steps[i];
        for (unsigned d = s->put; d < s->put_to; d += s->put_by)
            out->version[d] = (unsigned)i + 1;
        for (unsigned d = s->drop; d < s->drop_to; d += s->drop_by)
            out->version[d] = 0;
    }
}

void story_place_make(story_place *place, const char *folder)
{
    (void)snprintf(place->watched, sizeof place->watched, "%s/watched", folder);
    (void)snprintf(place->index, sizeof place->index, "%s/index",
                   place->watched);
    (void)snprintf(place->source, sizeof place->source, "%s/source", folder);
    if (mkdir(place->watched, 0777) != 0 || mkdir(place->source, 0777) != 0)
        scratch_die(folder);
}

/* ---- documents ---------------------------------------------------------- */

/* A word that only this version of the document has, and others. */
static size_t make_text(char *out, size_t size, unsigned d, unsigned version)
{
    int n = snprintf(out, size, "w%uv%u harbour\n", d, version);
    for (unsigned i = 0; i < LINES && n > 0 && (size_t)n < size; i++)
        n += snprintf(out + n, size - (size_t)n,
                      "line %u of treaty %u: number%u and word%u\n", i, d,
                      (d * 31 + i * version) % 97, i * version % 13);
    return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

static int add(parasol_indexer *w, unsigned d, unsigned version,
               parasol_error *err)
{
    char id[32], text[4096], pages[16];
    parasol_document doc = PARASOL_DOCUMENT_INIT;
    (void)snprintf(id, sizeof id, "d%02u.txt", d);
    (void)snprintf(pages, sizeof pages, "%u", version);
    parasol_meta meta = {"pages", pages};
    doc.id = id;
    doc.title = "A title";
    doc.date = "2014-03";
    doc.text = text;
    doc.text_len = make_text(text, sizeof text, d, version);
    doc.meta = &meta;
    doc.meta_count = d % 3;
    doc.meta_count = doc.meta_count > 1 ? 1 : doc.meta_count;
    return parasol_indexer_add(w, &doc, err);
}

/* ---- the library -------------------------------------------------------- */

/* A rebuild names all documents, an update those that change. */
static int bring(parasol_indexer *w, int rebuild, const story_model *from,
                 const story_model *to, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (unsigned d = 0; d < STORY_DOCS && !rc; d++) {
        char id[32];
        int found = 0;
        (void)snprintf(id, sizeof id, "d%02u.txt", d);
        if (to->version[d] && (rebuild || to->version[d] != from->version[d]))
            rc = add(w, d, to->version[d], err);
        else if (!rebuild && from->version[d] && !to->version[d])
            rc = parasol_indexer_remove(w, id, &found, err);
        else
            continue;
        if (!rc && !to->version[d] && !found)
            rc = pc_fail(err, PARASOL_INTERNAL, "%s is not found", id);
    }
    return rc;
}

static int write_commit(const char *index, int rebuild, unsigned segment_docs,
                        const story_model *from, const story_model *to,
                        parasol_error *err)
{
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    o.jobs = 1;
    o.segment_docs = segment_docs;
    o.update = rebuild ? PARASOL_UPDATE_NONE : PARASOL_UPDATE;
    o.no_merge = segment_docs == 3; /* so that the next one has to */
    int rc = parasol_indexer_open(&w, index, &o, err);
    if (!rc)
        rc = bring(w, rebuild, from, to, err);
    if (!rc)
        rc = parasol_indexer_commit(w, NULL, err);
    parasol_indexer_close(w);
    return rc;
}

static int run_library(const story_place *place, unsigned j,
                       const story_model *from, const story_model *to,
                       parasol_error *err)
{
    const step *s = &steps[j];
    parasol_optimize_options o = PARASOL_OPTIMIZE_OPTIONS_INIT;
    if (s->act != OPTIMIZE)
        return write_commit(place->index, s->act == REBUILD, s->segment_docs,
                            from, to, err);
    o.jobs = 1;
    o.order = s->order;
    return parasol_optimize(place->index, &o, NULL, err);
}

int story_go_on(const char *index, const story_model *from, story_model *after,
                parasol_error *err)
{
    *after = *from;
    after->version[STORY_DOCS - 1] = 100;
    return write_commit(index, 0, 0, from, after, err);
}

/* ---- the programs ------------------------------------------------------- */

void story_write_sources(const char *source, const story_model *to)
{
    char text[4096], path[700];
    for (unsigned d = 0; d < STORY_DOCS; d++) {
        (void)snprintf(path, sizeof path, "%s/d%02u.txt", source, d);
        if (to->version[d])
            scratch_write(path, text,
                          make_text(text, sizeof text, d, to->version[d]));
        else
            (void)remove(path);
    }
}

static int run_programs(const story_place *place, unsigned j,
                        const story_model *from, const story_model *to,
                        parasol_error *err)
{
    (void)from;
    if (steps[j].act == OPTIMIZE)
        return story_program(place, "parasol-optimize", place->index, NULL,
                             err);
    story_write_sources(place->source, to);
    return story_program(place, "parasol-index", "--index", place->index, err);
}

const story *story_find(const char *name)
{
    static const story all[] = {{"library", run_library},
                                {"programs", run_programs}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    }
    return NULL;
}

/* ---- what an index holds ------------------------------------------------ */

static int count(parasol_searcher *s, const char *text, const char *path,
                 uint64_t want, parasol_error *err)
{
    parasol_query *q = NULL;
    parasol_result *r = NULL;
    parasol_search_options o = PARASOL_SEARCH_OPTIONS_INIT;
    parasol_hit hit = PARASOL_HIT_INIT;
    o.exact_total = 1;
    o.limit = 3;
    int rc = parasol_query_parse(&q, text, strlen(text), NULL, err);
    if (!rc)
        rc = parasol_search(&r, s, q, &o, err);
    if (!rc && parasol_result_total(r) != want)
        rc = pc_fail(err, PARASOL_CORRUPT, "%s is in %llu documents, not %llu",
                     text, (unsigned long long)parasol_result_total(r),
                     (unsigned long long)want);
    if (!rc && path)
        rc = parasol_result_hit(r, 0, &hit, err);
    if (!rc && path && strcmp(hit.path.ptr, path) != 0)
        rc = pc_fail(err, PARASOL_CORRUPT, "%s is in %s, not in %s", text,
                     hit.path.ptr, path);
    parasol_result_free(r);
    parasol_query_free(q);
    return rc;
}

static int holds(parasol_searcher *s, const story_model *m, parasol_error *err)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    uint64_t docs = 0;
    int rc = PARASOL_OK;
    for (unsigned d = 0; d < STORY_DOCS && !rc; d++) {
        char word[48], path[32];
        (void)snprintf(word, sizeof word, "w%uv%u", d, m->version[d]);
        (void)snprintf(path, sizeof path, "d%02u.txt", d);
        if (m->version[d])
            rc = count(s, word, path, 1, err);
        docs += m->version[d] != 0;
    }
    parasol_searcher_describe(s, &info);
    if (!rc && info.documents != docs)
        rc = pc_fail(err, PARASOL_CORRUPT, "%llu documents, not %llu",
                     (unsigned long long)info.documents,
                     (unsigned long long)docs);
    return rc ? rc : count(s, "harbour", NULL, docs, err);
}

int story_holds(const char *index, const story_model *m,
                unsigned long long *commit, parasol_error *err)
{
    static const story_model none;
    parasol_searcher *s = NULL;
    parasol_searcher_info info = {.struct_size = sizeof info};
    *commit = 0;
    int rc = parasol_searcher_open(&s, index, NULL, err);
    if (rc == PARASOL_NOTFOUND && memcmp(m, &none, sizeof none) == 0)
        return PARASOL_OK;
    if (rc)
        return rc;
    parasol_searcher_describe(s, &info);
    *commit = info.commit;
    rc = holds(s, m, err);
    parasol_searcher_close(s);
    return rc;
}
