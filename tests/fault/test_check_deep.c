/*
 * Lies under right checksums: every byte of the sections of a segment is
 * changed in turn, all checksums are made again, and a deep check has to say
 * that something is wrong. It cannot for every byte: some mean nothing (the
 * level of a compression), and some may be otherwise (a bound that is higher
 * than it has to be). What it misses is counted by section, and bounded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <parasol/parasol.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/format/magic.h"
#include "common/format/section_name.h"
#include "tests/support/scratch.h"
#include "tests/support/treaties.h"

typedef struct place {
    scratch dir;
    char index[600], segment[700], manifest[700];
    uint8_t *seg, *man; /* as they were written */
    size_t seg_len, man_len;
} place;

/* Makes all checksums of a sealed file right. */
static void seal(uint8_t *p, size_t n)
{
    uint8_t *foot = p + n - PC_SEALED_FOOTER;
    uint64_t sums = pc_load64le(foot + 16), root = pc_load64le(foot + 24);
    pc_store32le(p + 60, pc_crc32c(0, p, 60));
    for (uint64_t i = 0; i < sums / PC_PAGE_SIZE; i++)
        pc_store32le(p + sums + 4 * i,
                     pc_crc32c(0, p + i * PC_PAGE_SIZE, PC_PAGE_SIZE));
    for (uint64_t i = 0; sums + i * PC_PAGE_SIZE < root; i++) {
        uint64_t at = sums + i * PC_PAGE_SIZE;
        uint64_t len = root - at < PC_PAGE_SIZE ? root - at : PC_PAGE_SIZE;
        pc_store32le(p + root + 4 * i, pc_crc32c(0, p + at, (size_t)len));
    }
    pc_store32le(foot + 44,
                 pc_crc32c(0, p + root, (size_t)(n - PC_SEALED_FOOTER - root)));
    pc_store32le(foot + 60, pc_crc32c(0, foot, 60));
}

/* Writes the segment and a manifest that names it as it is now. */
static void put(place *p, uint8_t *seg)
{
    uint8_t man[4096];
    assert_true(p->man_len <= sizeof man);
    memcpy(man, p->man, p->man_len);
    seal(seg, p->seg_len);
    pc_store32le(man + PC_MANIFEST_HEAD + 16,
                 pc_load32le(seg + p->seg_len - 4));
    pc_store32le(man + p->man_len - 4, pc_crc32c(0, man, p->man_len - 4));
    scratch_write(p->segment, seg, p->seg_len);
    scratch_write(p->manifest, man, p->man_len);
}

static int deep(const place *p, uint64_t *damages)
{
    parasol_check_options o = PARASOL_CHECK_OPTIONS_INIT;
    parasol_check_info info = PARASOL_CHECK_INFO_INIT;
    parasol_error err = {0};
    o.deep = 1;
    int rc = parasol_check(p->index, &o, &info, &err);
    if (rc != PARASOL_OK && rc != PARASOL_CORRUPT)
        fail_msg("status %d: %s", rc, err.message);
    *damages = info.damages;
    return rc;
}

static int set_up(void **state)
{
    static place p;
    uint64_t damages;
    scratch_make(&p.dir);
    (void)snprintf(p.index, sizeof p.index, "%s/index", p.dir.dir);
    (void)snprintf(p.segment, sizeof p.segment, "%s/s1.seg", p.index);
    (void)snprintf(p.manifest, sizeof p.manifest, "%s/manifest.1", p.index);
    treaties_build(p.index);
    p.seg = scratch_read(p.segment, &p.seg_len);
    p.man = scratch_read(p.manifest, &p.man_len);
    put(&p, p.seg); /* sealed again it is the same */
    *state = &p;
    return deep(&p, &damages);
}

static int tear_down(void **state)
{
    place *p = *state;
    free(p->seg);
    free(p->man);
    scratch_remove(&p->dir);
    return 0;
}

/* Bytes of a section that may be changed without being noticed, in a
   hundred. */
static unsigned allowed(uint32_t id)
{
    switch (id) {
    case PC_SECTION_POSTINGS: return 15; /* bounds may be higher */
    case PC_SECTION_POSITIONS: return 3;
    case PC_SECTION_TERMS: return 2; /* forms that no text has */
    default: return 1;
    }
}

static void fault_check__lies(void **state)
{
    static const uint8_t masks[] = {0x01, 0x02, 0x10, 0x80};
    place *p = *state;
    const uint8_t *foot = p->seg + p->seg_len - PC_SEALED_FOOTER;
    const uint8_t *toc = p->seg + pc_load64le(foot + 32);
    uint64_t tries = 0, missed = 0;
    unsigned sections = 0;
    /* A longer run looks at every byte. */
    unsigned step = getenv("PARASOL_TEST_LONG") ? 1 : 4;
    for (uint32_t s = 0; s < pc_load32le(foot + 40); s++) {
        const uint8_t *e = toc + (size_t)s * PC_SEALED_TOC_ENTRY;
        uint32_t id = pc_load32le(e);
        uint64_t off = pc_load64le(e + 8), len = pc_load64le(e + 16), bad = 0;
        for (uint64_t i = s % step; i < len; i += step) {
            uint64_t damages;
            uint8_t mask = masks[(off + i) / step % sizeof masks];
            p->seg[off + i] ^= mask;
            put(p, p->seg);
            bad += deep(p, &damages) == PARASOL_OK;
            p->seg[off + i] ^= mask;
        }
        printf("%-12s %6llu bytes, %4llu changes not noticed\n",
               pc_section_name(id), (unsigned long long)len,
               (unsigned long long)bad);
        if (len > 20 && bad * 100 * step > len * allowed(id) + 400)
            fail_msg("%s: too many", pc_section_name(id));
        tries += len / step;
        missed += bad;
        sections += len > 0;
    }
    printf("%llu of %llu changes noticed\n",
           (unsigned long long)(tries - missed), (unsigned long long)tries);
    assert_true(sections >= 11 && tries > 1000);
    put(p, p->seg);
    assert_int_equal(deep(p, &missed), PARASOL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fault_check__lies)};
    return cmocka_run_group_tests_name("check_deep", tests, set_up, tear_down);
}
