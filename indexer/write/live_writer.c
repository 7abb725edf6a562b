/*
 * Dead documents, writing side.
 */
#include "indexer/write/live_writer.h"

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/varint.h"
#include "common/format/name.h"
#include "indexer/write/out.h"

/* Appends the gaps between the dead documents; returns how many are dead. */
static uint32_t put_gaps(pc_buf *out, const uint64_t *alive, uint32_t docs)
{
    uint32_t dead = 0;
    uint32_t next = 0;
    for (uint32_t base = 0; base < docs; base += 64) {
        uint64_t word = ~alive[base / 64];
        if (docs - base < 64)
            word &= (UINT64_C(1) << (docs - base)) - 1;
        for (; word; word &= word - 1) {
            uint32_t doc = base + pc_ctz64(word);
            pc_varint_append(out, doc - next);
            next = doc + 1;
            dead++;
        }
    }
    return dead;
}

static int write_file(const char *path, pc_manifest_segment *e,
                      const pc_buf *gaps, const pc_mem *mem, parasol_error *err)
{
    pi_out *o;
    int rc = pi_out_create(&o, path, PC_KIND_LIVE, e->live_number, mem, err);
    if (rc)
        return rc;
    pi_out_begin(o, PC_SECTION_LIVE);
    pi_out_put_u32(o, e->docs);
    pi_out_put_u32(o, e->dead);
    pi_out_put(o, gaps->ptr, gaps->len);
    return pi_out_finish(o, &e->live_bytes, &e->live_crc, err);
}

int pi_live_write(const char *dir, uint64_t number, const uint64_t *alive,
                  pc_manifest_segment *entry, const pc_mem *mem,
                  parasol_error *err)
{
    pc_buf path;
    pc_buf gaps;
    pc_manifest_segment e = *entry;
    int rc = PARASOL_OK;
    pc_buf_init(&path, mem);
    pc_buf_init(&gaps, mem);
    e.live_number = e.live_bytes = 0;
    e.live_crc = 0;
    e.dead = put_gaps(&gaps, alive, e.docs);
    if (gaps.status) {
        rc = pc_fail_nomem(err);
    } else if (e.dead > 0) {
        e.live_number = number;
        const char *name =
            pc_name_path(&path, dir, PC_NAME_LIVE, number, "", err);
        rc = name ? write_file(name, &e, &gaps, mem, err) : PARASOL_NOMEM;
    }
    if (!rc)
        *entry = e;
    pc_buf_release(&path);
    pc_buf_release(&gaps);
    return rc;
}
