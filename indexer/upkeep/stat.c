/*
 * What an index consists of.
 */
#include <stdlib.h>

#include "common/base/fail.h"
#include "common/format/section_name.h"
#include "indexer/upkeep/copy_out.h"
#include "indexer/upkeep/stat_internal.h"

#define TOP_MAX 10000u

/* ---- bytes -------------------------------------------------------------- */

static void add_section(parasol_stat *s, uint32_t id, uint64_t bytes)
{
    size_t i = 0;
    while (i < s->n_sections && s->sections[i].id != id)
        i++;
    if (i == s->n_sections)
        s->sections[s->n_sections++] = (parasol_stat_section){
            sizeof *s->sections, id, pc_section_name(id), 0};
    s->sections[i].bytes += bytes;
}

static void add_file(parasol_stat *s, const pc_sealed *f)
{
    uint64_t all = 0;
    uint64_t sums = pc_sealed_bytes(f) - f->sums_off;
    pc_section section;
    for (uint32_t id = 1; id <= PC_SECTION_LAST; id++) {
        if (!pc_sealed_has(f, id, &section))
            continue;
        add_section(s, id, section.len);
        all += section.len;
    }
    s->info.checksums += sums;
    s->info.frames += pc_sealed_bytes(f) - sums - all;
}

static int by_bytes(const void *a, const void *b)
{
    const parasol_stat_section *x = a;
    const parasol_stat_section *y = b;
    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* ---- the commit --------------------------------------------------------- */

/* File i of the commit; segments are kept. */
static int read_file(parasol_stat *s, size_t i, parasol_error *err)
{
    pc_sealed *f = NULL;
    pc_seg *seg = NULL;
    int rc = pi_held_sealed(&s->held, i, &f, err);
    if (rc)
        return rc;
    add_file(s, f);
    if (s->held.files[i].kind != PC_NAME_SEGMENT) {
        pc_sealed_close(f);
        return PARASOL_OK;
    }
    rc = pc_seg_take(&seg, f, &s->alloc, err);
    for (size_t k = 0; !rc && k < s->n_segs; k++) {
        const pc_manifest_segment *m = &s->held.manifest.segments[k];
        if (m->number != s->held.files[i].number)
            continue;
        s->segs[k] = seg;
        s->info.tokens += seg->lengths[PC_FIELD_TEXT];
        s->info.title_tokens += seg->lengths[PC_FIELD_TITLE];
        if (seg->docs != m->docs)
            rc = pc_fail(err, PARASOL_CORRUPT,
                         "%s: not the segment that the manifest names",
                         pc_sealed_path(seg->file));
    }
    return rc;
}

static int describe(parasol_stat *s, parasol_error *err)
{
    const pc_manifest *m = &s->held.manifest;
    s->info.struct_size = sizeof s->info;
    s->info.commit = m->commit;
    s->info.dead = pc_manifest_dead(m);
    s->info.documents = pc_manifest_docs(m) - s->info.dead;
    s->info.segments = m->n_segments;
    s->info.files = s->held.n + 1;
    s->info.bytes = pc_manifest_bytes(m) + s->held.manifest_bytes.len;
    s->info.analysis =
        pc_arena_copy(&s->arena, m->analyzer_spec.ptr, m->analyzer_spec.len);
    return s->info.analysis ? PARASOL_OK : pc_fail_nomem(err);
}

static int read_commit(parasol_stat *s, parasol_error *err)
{
    s->sections =
        pc_arena_zalloc(&s->arena, PC_SECTION_LAST + 1, sizeof *s->sections);
    s->segs =
        pc_zalloc(&s->alloc, s->held.manifest.n_segments + 1, sizeof(pc_seg *));
    if (!s->sections || !s->segs)
        return pc_fail_nomem(err);
    s->n_segs = s->held.manifest.n_segments;
    int rc = describe(s, err);
    for (size_t i = 0; !rc && i < s->held.n; i++)
        rc = read_file(s, i, err);
    if (rc)
        return rc;
    add_section(s, 0, s->held.manifest_bytes.len);
    qsort(s->sections, s->n_sections, sizeof *s->sections, by_bytes);
    rc = pi_stat_words(s, err);
    return rc ? rc : pi_stat_documents(s, err);
}

/* Gives back what only reading needed. */
static void finish(parasol_stat *s)
{
    for (size_t i = 0; i < s->n_segs; i++)
        pc_seg_close(s->segs[i]);
    pc_free(&s->alloc, s->segs);
    s->segs = NULL;
    s->n_segs = 0;
    pi_held_close(&s->held);
}

int parasol_stat_open(parasol_stat **out, const char *path,
                      const parasol_stat_options *options, parasol_error *err)
{
    parasol_stat_options o = PARASOL_STAT_OPTIONS_INIT;
    if (options)
        memcpy(&o, options,
               options->struct_size < sizeof o ? options->struct_size
                                               : sizeof o);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index was named");
    parasol_stat *s = pc_zalloc(o.alloc, 1, sizeof *s);
    if (!s)
        return pc_fail_nomem(err);
    if (o.alloc)
        s->alloc = *o.alloc;
    s->top = o.top < TOP_MAX ? o.top : TOP_MAX;
    pc_arena_init(&s->arena, &s->alloc, 0);
    int rc = pi_held_open(&s->held, path, &s->alloc, err);
    if (!rc)
        rc = read_commit(s, err);
    finish(s);
    if (rc)
        parasol_stat_close(s);
    else
        *out = s;
    return rc;
}

void parasol_stat_close(parasol_stat *s)
{
    if (!s)
        return;
    pc_mem alloc = s->alloc;
    pc_arena_release(&s->arena);
    pc_free(&alloc, s);
}

/* ---- looking ------------------------------------------------------------ */

void parasol_stat_describe(const parasol_stat *s, parasol_stat_info *info)
{
    pi_copy_out(info, info->struct_size, &s->info, sizeof s->info);
}

int parasol_stat_get_section(const parasol_stat *s, size_t i,
                             parasol_stat_section *out)
{
    if (i >= s->n_sections)
        return PARASOL_NOTFOUND;
    pi_copy_out(out, out->struct_size, &s->sections[i], sizeof *s->sections);
    return PARASOL_OK;
}

int parasol_stat_get_field(const parasol_stat *s, size_t i,
                           parasol_stat_field *out)
{
    if (i >= s->n_fields)
        return PARASOL_NOTFOUND;
    pi_copy_out(out, out->struct_size, &s->fields[i].sums,
                sizeof s->fields[i].sums);
    return PARASOL_OK;
}

int parasol_stat_get_word(const parasol_stat *s, size_t field, int order,
                          size_t i, parasol_stat_word *out)
{
    if (field >= s->n_fields || order < 0 || order > PARASOL_STAT_BY_CTF ||
        i >= s->fields[field].top[order].n)
        return PARASOL_NOTFOUND;
    const parasol_stat_word *w = &s->fields[field].top[order].words[i];
    pi_copy_out(out, out->struct_size, w, sizeof *w);
    return PARASOL_OK;
}

int parasol_stat_get_document(const parasol_stat *s, size_t i,
                              parasol_stat_document *out)
{
    if (i >= s->n_documents)
        return PARASOL_NOTFOUND;
    pi_copy_out(out, out->struct_size, &s->documents[i], sizeof *s->documents);
    return PARASOL_OK;
}
