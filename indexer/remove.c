/*
 * Removing documents by id: of the commit before, and of those that were added
 * since. The latter are found in a table over the hashes of their ids, which is
 * not there before something is removed.
 */
#include "common/base/fail.h"
#include "common/base/hash.h"
#include "common/text/utf8.h"
#include "indexer/indexer_internal.h"

/* In a slot: the document is dead. Numbers of documents have 31 bits. */
#define DEAD UINT32_C(0x80000000)

#define HASH_BYTES (2 * sizeof(uint64_t))

/* ---- documents of this run ---------------------------------------------- */

int pi_indexer_hash(const parasol_indexer *w, uint32_t doc, uint64_t hash[2],
                    parasol_error *err)
{
    return pi_spool_read(&w->hashes, (uint64_t)doc * HASH_BYTES, hash,
                         HASH_BYTES, err);
}

int pi_indexer_hashes(const parasol_indexer *w, uint32_t doc,
                      uint64_t (*hashes)[2], uint32_t *n, parasol_error *err)
{
    uint32_t left = w->n_docs - doc;
    *n = left < PI_HASHES_READ ? left : PI_HASHES_READ;
    return pi_spool_read(&w->hashes, (uint64_t)doc * HASH_BYTES, hashes,
                         *n * HASH_BYTES, err);
}

/* The slot of the id with that hash, or the empty one where it would be. */
static int slot_of(const parasol_indexer *w, const uint64_t hash[2],
                   uint32_t **slot, parasol_error *err)
{
    size_t i = (size_t)(hash[0] & (w->n_slots - 1));
    for (;; i = (i + 1) & (w->n_slots - 1)) {
        uint32_t doc = w->slots[i] & ~DEAD;
        uint64_t other[2];
        *slot = &w->slots[i];
        if (doc == 0)
            return PARASOL_OK;
        int rc = pi_indexer_hash(w, doc - 1, other, err);
        if (rc || (other[0] == hash[0] && other[1] == hash[1]))
            return rc;
    }
}

static int slot_of_doc(const parasol_indexer *w, uint32_t doc, uint32_t **slot,
                       parasol_error *err)
{
    uint64_t hash[2];
    int rc = pi_indexer_hash(w, doc, hash, err);
    return rc ? rc : slot_of(w, hash, slot, err);
}

static int grow_slots(parasol_indexer *w, size_t want)
{
    pc_free(w->mem, w->slots);
    w->n_slots = w->n_slotted = 0;
    w->slots = pc_zalloc(w->mem, want, sizeof *w->slots);
    if (!w->slots)
        return PARASOL_NOMEM;
    w->n_slots = want;
    return PARASOL_OK;
}

/* Puts all documents in that are not there yet; of those with one id, the last
   one stays. */
static int add_slots(parasol_indexer *w, parasol_error *err)
{
    uint64_t hashes[PI_HASHES_READ][2];
    uint32_t some;
    while (w->n_slotted < w->n_docs) {
        int rc = pi_indexer_hashes(w, w->n_slotted, hashes, &some, err);
        for (uint32_t i = 0; !rc && i < some; i++) {
            uint32_t *slot;
            rc = slot_of(w, hashes[i], &slot, err);
            if (!rc)
                *slot = ++w->n_slotted;
        }
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* The table has all documents that were added, and says of which of them that
   they were removed. */
static int fill_slots(parasol_indexer *w, parasol_error *err)
{
    uint32_t *slot;
    size_t want = 64;
    while (want / 2 <= w->n_docs)
        want *= 2;
    bool grown = want > w->n_slots;
    if (grown && grow_slots(w, want))
        return pc_fail_nomem(err);
    int rc = add_slots(w, err);
    for (size_t i = 0; !rc && grown && i < w->n_buried; i++) {
        rc = slot_of_doc(w, w->buried[i], &slot, err);
        if (!rc && *slot == w->buried[i] + 1)
            *slot |= DEAD;
    }
    return rc;
}

static int bury_new(parasol_indexer *w, pc_str id, bool *found,
                    parasol_error *err)
{
    uint64_t hash[2];
    uint32_t *slot = NULL;
    *found = false;
    if (w->n_docs == 0)
        return PARASOL_OK;
    int rc = fill_slots(w, err);
    pi_id_hash(id, hash);
    if (!rc)
        rc = slot_of(w, hash, &slot, err);
    if (rc || *slot == 0 || *slot & DEAD)
        return rc;
    if (pc_grow(w->mem, (void **)&w->buried, &w->buried_cap, w->n_buried + 1,
                sizeof *w->buried))
        return pc_fail_nomem(err);
    w->buried[w->n_buried++] = *slot - 1;
    *slot |= DEAD;
    *found = true;
    return PARASOL_OK;
}

void pi_indexer_clear_buried(parasol_indexer *w)
{
    pc_free(w->mem, w->slots);
    w->slots = NULL;
    w->n_slots = w->n_slotted = 0;
    w->n_buried = 0;
}

/* ---- all ---------------------------------------------------------------- */

/* A file of that path is no part of the catalog any more, so that the next
   walk finds it new. */
static int forget_file(parasol_indexer *w, pc_str id, parasol_error *err)
{
    pc_file_entry e;
    uint64_t number;
    bool known = false;
    int rc = pi_catalog_look(&w->catalog, id, &e, &number, &known, err);
    return rc || !known ? rc : pi_catalog_gone(&w->catalog, &e, err);
}

int pi_indexer_bury(parasol_indexer *w, pc_str id, bool *found,
                    parasol_error *err)
{
    bool before = false, now = false;
    int rc = pi_parts_kill(&w->parts, w->parts.n, id, &before, err);
    if (!rc)
        rc = bury_new(w, id, &now, err);
    *found = before || now;
    w->removed += *found;
    return rc;
}

static int remove_id(parasol_indexer *w, const char *id, bool *found,
                     parasol_error *err)
{
    pc_buf copy;
    size_t bad = 0;
    pc_buf_init(&copy, w->mem);
    int rc = pi_indexer_begin(w, err);
    if (!rc)
        rc = pi_pipe_drain(w, err);
    if (!rc && pc_utf8_repair(&copy, pc_str_of(id), &bad))
        rc = pc_fail_nomem(err);
    if (!rc)
        rc = pi_indexer_bury(w, pc_buf_str(&copy), found, err);
    if (!rc) {
        pc_buf_put_u8(&copy, 0);
        copy.len--;
        rc = copy.status ? pc_fail_nomem(err)
                         : forget_file(w, pc_buf_str(&copy), err);
    }
    pc_buf_release(&copy);
    return rc;
}

int parasol_indexer_remove(parasol_indexer *w, const char *id, int *found,
                           parasol_error *err)
{
    bool was = false;
    int rc = pi_indexer_usable(w, err);
    if (rc)
        return rc;
    if (!id || !*id)
        return pc_fail(err, PARASOL_ARG, "a document has an id");
    rc = pi_indexer_end(w, remove_id(w, id, &was, err));
    if (!rc && found)
        *found = was;
    return rc;
}
