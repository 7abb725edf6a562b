/*
 * The files of a commit.
 */
#include "common/format/commit_files.h"

#include <stdlib.h>

#include "common/base/fail.h"

uint32_t pc_commit_file_kind(enum pc_name name)
{
    switch (name) {
    case PC_NAME_SEGMENT: return PC_KIND_SEGMENT;
    case PC_NAME_SKIPS: return PC_KIND_SKIPS;
    case PC_NAME_LIVE: return PC_KIND_LIVE;
    case PC_NAME_FILES: return PC_KIND_FILES;
    case PC_NAME_FOREIGN:
    case PC_NAME_MANIFEST:
    case PC_NAME_LOCK:
    case PC_NAME_LOG:
    case PC_NAME_TEMPORARY: break;
    }
    return 0;
}

static int by_kind_and_number(const void *a, const void *b)
{
    const pc_commit_file *x = a;
    const pc_commit_file *y = b;
    uint32_t kx = pc_commit_file_kind(x->kind);
    uint32_t ky = pc_commit_file_kind(y->kind);
    if (kx != ky)
        return kx < ky ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

int pc_commit_files(const pc_manifest *m, pc_commit_file **out, size_t *n,
                    pc_arena *arena, parasol_error *err)
{
    pc_commit_file *files =
        pc_arena_zalloc(arena, 2 * m->n_segments + 2, sizeof *files);
    size_t count = 0;
    if (!files)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        files[count++] = (pc_commit_file){PC_NAME_SEGMENT, s->number,
                                          s->file_bytes, s->trailer_crc};
        if (s->live_number)
            files[count++] = (pc_commit_file){PC_NAME_LIVE, s->live_number,
                                              s->live_bytes, s->live_crc};
    }
    if (m->skips_number)
        files[count++] = (pc_commit_file){PC_NAME_SKIPS, m->skips_number,
                                          m->skips_bytes, m->skips_crc};
    if (m->files_number)
        files[count++] = (pc_commit_file){PC_NAME_FILES, m->files_number,
                                          m->files_bytes, m->files_crc};
    qsort(files, count, sizeof *files, by_kind_and_number);
    *out = files;
    *n = count;
    return PARASOL_OK;
}
