/*
 * Files of dead documents, and a commit that names them.
 */
#include "tests/support/kill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/format/name.h"
#include "common/segment/live.h"
#include "common/segment/seg.h"
#include "indexer/commit/commit.h"
#include "indexer/write/live_writer.h"

static void check(int rc, const parasol_error *err)
{
    if (rc) {
        (void)fprintf(stderr, "deleting failed: %d, %s\n", rc, err->message);
        exit(1);
    }
}

static void *must(void *p)
{
    if (!p)
        exit(1);
    return p;
}

/* Bits of the documents that stay alive. */
static uint64_t *choose(const char *path, const pc_manifest_segment *e,
                        const uint8_t *dead)
{
    pc_buf name;
    pc_seg *seg = NULL;
    pc_live live;
    parasol_error err = {0};
    pc_buf_init(&name, NULL);
    const char *z =
        pc_name_path(&name, path, PC_NAME_SEGMENT, e->number, "", &err);
    check(z ? pc_seg_open(&seg, z, NULL, &err) : PARASOL_NOMEM, &err);
    check(pc_live_read(&live, path, e, NULL, &err), &err);
    uint64_t *alive = must(calloc((size_t)e->docs / 64 + 1, sizeof *alive));
    check(pc_seg_ranks(seg, &err), &err);
    for (uint32_t d = 0; d < e->docs; d++) {
        if (pc_live_has(&live, d) && !dead[pc_seg_rank(seg, d)])
            alive[d / 64] |= UINT64_C(1) << d % 64;
    }
    pc_live_release(&live);
    pc_seg_close(seg);
    pc_buf_release(&name);
    return alive;
}

void kill_documents(const char *path, const uint8_t *dead)
{
    pc_lock lock = {0};
    pc_manifest m;
    parasol_error err = {0};
    check(pi_commit_prepare(path, &lock, &m, NULL, &err), &err);
    m.commit++;
    for (size_t i = 0; i < m.n_segments; i++) {
        pc_manifest_segment *e = &m.segments[i];
        uint64_t *alive = choose(path, e, dead);
        check(pi_live_write(path, m.next_segment++, alive, e, NULL, &err),
              &err);
        dead += e->docs;
        free(alive);
    }
    check(pi_commit_publish(path, &m, NULL, &err), &err);
    pi_commit_collect(path, &m, NULL);
    pc_manifest_release(&m);
    pc_lock_drop(&lock);
}
