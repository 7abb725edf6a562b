/*
 * Manifest: what one commit of an index consists of (docs/format.md,
 * "Manifest"). Names files by number, length and checksum; knows nothing of
 * their content.
 */
#ifndef PARASOL_COMMON_FORMAT_MANIFEST_H
#define PARASOL_COMMON_FORMAT_MANIFEST_H

#include "common/base/buf.h"
#include "common/format/magic.h"

typedef struct pc_manifest_segment {
    uint64_t number;      /* file s<number>.seg */
    uint64_t file_bytes;  /* pc_sealed_bytes */
    uint32_t trailer_crc; /* pc_sealed_trailer_crc */
    uint32_t docs;        /* documents in it, dead ones too */
    uint64_t live_number; /* file l<number>.seg; 0: no document is dead */
    uint64_t live_bytes;
    uint32_t live_crc;
    uint32_t dead; /* documents that do not count any more */
} pc_manifest_segment;

typedef struct pc_manifest {
    const pc_mem *mem;
    uint32_t format_version;       /* of the bytes that were parsed */
    uint32_t flags;                /* PC_MANIFEST_ and a word */
    uint64_t commit;               /* from 1; 0 only before the first commit */
    uint64_t next_segment;         /* larger than every number that is in use */
    pc_str analyzer_spec;          /* owned; zero-terminated */
    uint64_t fingerprint;          /* of the analyzer */
    pc_manifest_segment *segments; /* owned; in document order */
    size_t n_segments;
    size_t cap_segments;
    uint64_t files_seen;
    uint64_t skipped[PC_MANIFEST_SKIPS]; /* files by reason, parasol_skip */
    uint64_t skips_number;               /* file k<number>.seg; 0: none */
    uint64_t skips_bytes;
    uint32_t skips_crc;
    uint64_t files_number; /* file f<number>.seg; 0: none */
    uint64_t files_bytes;
    uint32_t files_crc;
} pc_manifest;

/* An empty manifest: commit 0, next_segment 1. `mem` is borrowed until
   release. Released by pc_manifest_release, which leaves it empty. */
void pc_manifest_init(pc_manifest *m, const pc_mem *mem);
void pc_manifest_release(pc_manifest *m);

/* `spec` is copied. Errors: NOMEM, FULL (longer than PC_SPEC_MAX). */
int pc_manifest_set_spec(pc_manifest *m, pc_str spec,
                         parasol_error *err) PC_MUST_USE;

/* Appends a copy. Errors: NOMEM, FULL (more than PC_SEGMENTS_MAX). */
int pc_manifest_add(pc_manifest *m, const pc_manifest_segment *segment,
                    parasol_error *err) PC_MUST_USE;

/* Documents in all segments, and how many of them are dead. */
uint64_t pc_manifest_docs(const pc_manifest *m);
uint64_t pc_manifest_dead(const pc_manifest *m);

/* Bytes of all files that the manifest names, without the manifest itself. */
uint64_t pc_manifest_bytes(const pc_manifest *m);

/* Appends the bytes of the file; see out->status. */
void pc_manifest_put(const pc_manifest *m, pc_buf *out);

/*
 * The reverse. *m is initialised here, also on error, and owned by the caller
 * (pc_manifest_release). `path` is for sentences.
 * Errors: CORRUPT, VERSION (m->format_version tells which), NOMEM.
 */
int pc_manifest_parse(pc_manifest *m, pc_str bytes, const char *path,
                      const pc_mem *mem, parasol_error *err) PC_MUST_USE;

/*
 * Reads the manifest of the newest commit in `dir`. *m is initialised here,
 * also on error, and owned by the caller (pc_manifest_release).
 * A newest manifest that is damaged is an error: an older one is not the
 * index any more.
 * Errors: NOTFOUND (no index in the directory, or no directory), CORRUPT,
 * VERSION, IO, NOMEM.
 */
int pc_manifest_newest(const char *dir, pc_manifest *m, const pc_mem *mem,
                       parasol_error *err) PC_MUST_USE;

#endif
