/*
 * Segments cut by merging some of the documents at a time.
 */
#include "tests/support/split.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/format/name.h"
#include "indexer/commit/commit.h"
#include "indexer/merge/merge.h"
#include "tests/support/scratch.h"

typedef struct splitter {
    const char *path;
    pc_manifest now, next;
    pi_merge_source *sources;
    pc_seg **segs;
    uint64_t **live;
    size_t n;
    uint64_t docs;
    uint64_t seed;
} splitter;

static void check(int rc, const parasol_error *err)
{
    if (rc) {
        (void)fprintf(stderr, "splitting failed: %d, %s\n", rc, err->message);
        exit(1);
    }
}

static void *must(void *p)
{
    if (!p)
        exit(1);
    return p;
}

static const char *name_of(const splitter *s, pc_buf *buf, uint64_t number)
{
    parasol_error err = {0};
    const char *name =
        pc_name_path(buf, s->path, PC_NAME_SEGMENT, number, "", &err);
    check(name ? PARASOL_OK : PARASOL_NOMEM, &err);
    return name;
}

static void open_segments(splitter *s)
{
    pc_buf buf;
    parasol_error err = {0};
    pc_buf_init(&buf, NULL);
    s->n = s->now.n_segments;
    s->sources = must(calloc(s->n + 1, sizeof *s->sources));
    s->segs = must(calloc(s->n + 1, sizeof(pc_seg *)));
    s->live = must(calloc(s->n + 1, sizeof(uint64_t *)));
    for (size_t i = 0; i < s->n; i++) {
        check(pc_seg_open(&s->segs[i],
                          name_of(s, &buf, s->now.segments[i].number), NULL,
                          &err),
              &err);
        s->live[i] = must(calloc(s->segs[i]->docs / 64 + 1, 8));
        s->sources[i] = (pi_merge_source){s->segs[i], s->live[i]};
        s->docs += s->segs[i]->docs;
    }
    pc_buf_release(&buf);
}

/* A random order of n documents; NULL without a seed. */
static uint32_t *shuffle(uint64_t *seed, size_t n)
{
    uint32_t *order = *seed ? must(calloc(n, sizeof *order)) : NULL;
    for (size_t i = 0; order && i < n; i++) {
        size_t k = (size_t)scratch_below(seed, i + 1);
        order[i] = order[k];
        order[k] = (uint32_t)i;
    }
    return order;
}

/* Documents [from, to) of all segments become one. */
static void write_part(splitter *s, uint64_t from, uint64_t to)
{
    pc_buf buf;
    parasol_error err = {0};
    pi_out *out = NULL;
    uint64_t first = 0;
    pc_manifest_segment entry = {.number = s->next.next_segment++};
    uint32_t *order = shuffle(&s->seed, (size_t)(to - from));
    pi_merge_options o = {s->path, order, 0, NULL, NULL};
    for (size_t i = 0; i < s->n; i++) {
        for (uint32_t d = 0; d < s->segs[i]->docs; d++) {
            uint64_t bit = UINT64_C(1) << (d % 64);
            s->live[i][d / 64] &= ~bit;
            if (first + d >= from && first + d < to)
                s->live[i][d / 64] |= bit;
        }
        first += s->segs[i]->docs;
    }
    pc_buf_init(&buf, NULL);
    check(pi_out_create(&out, name_of(s, &buf, entry.number), PC_KIND_SEGMENT,
                        entry.number, NULL, &err),
          &err);
    check(pi_merge(s->sources, s->n, &o, out, &entry.docs, NULL, &err), &err);
    check(pi_out_finish(out, &entry.file_bytes, &entry.trailer_crc, &err),
          &err);
    check(pc_manifest_add(&s->next, &entry, &err), &err);
    pc_buf_release(&buf);
    free(order);
}

static void start_manifest(splitter *s)
{
    parasol_error err = {0};
    pc_manifest_init(&s->next, NULL);
    s->next.commit = s->now.commit + 1;
    s->next.next_segment = s->now.next_segment;
    s->next.fingerprint = s->now.fingerprint;
    s->next.files_seen = s->now.files_seen;
    memcpy(s->next.skipped, s->now.skipped, sizeof s->next.skipped);
    s->next.skips_number = s->now.skips_number;
    s->next.skips_bytes = s->now.skips_bytes;
    s->next.skips_crc = s->now.skips_crc;
    check(pc_manifest_set_spec(&s->next, s->now.analyzer_spec, &err), &err);
}

void split_index(const char *path, size_t parts, uint64_t seed)
{
    splitter s = {.path = path, .seed = seed};
    pc_lock lock = {0};
    parasol_error err = {0};
    check(pi_commit_prepare(path, &lock, &s.now, NULL, &err), &err);
    open_segments(&s);
    start_manifest(&s);
    for (size_t i = 0; i < parts; i++) {
        uint64_t from = s.docs * i / parts, to = s.docs * (i + 1) / parts;
        if (from < to)
            write_part(&s, from, to);
    }
    check(pi_commit_publish(path, &s.next, NULL, &err), &err);
    pi_commit_collect(path, &s.next, NULL);
    for (size_t i = 0; i < s.n; i++) {
        pc_seg_close(s.segs[i]);
        free(s.live[i]);
    }
    free(s.sources);
    free(s.segs);
    free(s.live);
    pc_manifest_release(&s.now);
    pc_manifest_release(&s.next);
    pc_lock_drop(&lock);
}
