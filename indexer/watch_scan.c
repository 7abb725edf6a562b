/*
 * Walking for parasol_watch: every folder that is entered is followed before
 * its names are read.
 */
#include <stdio.h>

#include "common/base/fail.h"
#include "common/base/hash.h"
#include "indexer/source/walk.h"
#include "indexer/watch_internal.h"

#define POLL_MS 5000u

/* ---- folders that are followed ------------------------------------------ */

/* Where the folder is in the list, or where it belongs. */
static size_t place_of(const parasol_watch *w, int id)
{
    size_t low = 0, high = w->n_folders;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (w->folders[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

char *pi_watch_copy(const parasol_watch *w, const char *z, size_t n)
{
    char *copy = pc_alloc(w->mem, n + 1, 1);
    if (copy) {
        if (n)
            memcpy(copy, z, n);
        copy[n] = 0;
    }
    return copy;
}

static int put_folder(parasol_watch *w, int id, pc_str path, parasol_error *err)
{
    size_t at = place_of(w, id);
    bool known = at < w->n_folders && w->folders[at].id == id;
    char *copy = pi_watch_copy(w, path.ptr, path.len);
    if (!copy ||
        (!known && pc_grow(w->mem, (void **)&w->folders, &w->folders_cap,
                           w->n_folders + 1, sizeof *w->folders))) {
        pc_free(w->mem, copy);
        return pc_fail_nomem(err);
    }
    if (known) {
        pc_free(w->mem, w->folders[at].path);
    } else {
        memmove(w->folders + at + 1, w->folders + at,
                (w->n_folders - at) * sizeof *w->folders);
        w->n_folders++;
    }
    w->folders[at] = (pi_followed){id, w->root, copy, w->scan};
    return PARASOL_OK;
}

const pi_followed *pi_watch_folder(const parasol_watch *w, int id)
{
    size_t at = place_of(w, id);
    bool known = at < w->n_folders && w->folders[at].id == id;
    return known ? &w->folders[at] : NULL;
}

/* Forgets those that the last scan has not met; all if there is none. */
static void drop_folders(parasol_watch *w, bool all)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n_folders; i++) {
        pi_followed *f = &w->folders[i];
        if (!all && f->scan == w->scan) {
            w->folders[kept++] = *f;
            continue;
        }
        pc_notify_remove(w->notify, f->id);
        pc_free(w->mem, f->path);
    }
    w->n_folders = kept;
}

void pi_watch_forget(parasol_watch *w)
{
    drop_folders(w, true);
}

/* ---- scanning ----------------------------------------------------------- */

static int on_entering(void *user, int fd, pc_str path, parasol_error *err)
{
    parasol_watch *w = user;
    pc_buf full;
    int id = 0;
    pc_buf_init(&full, w->mem);
    pc_buf_put_z(&full, w->roots[w->root].dir);
    pc_buf_put_u8(&full, '/');
    pc_buf_put_str(&full, path);
    pc_buf_put_u8(&full, 0);
    int rc = full.status
                 ? pc_fail_nomem(err)
                 : pc_notify_add(w->notify, fd, (char *)full.ptr, &id, err);
    if (!rc)
        rc = put_folder(w, id, path, err);
    else if (rc == PARASOL_NOTFOUND)
        rc = PARASOL_OK; /* gone already */
    pc_buf_release(&full);
    return rc;
}

/* Adds what is known of an entry without reading it. */
static void hash_entry(uint64_t *hash, const pi_entry *e)
{
    uint64_t facts[4] = {e->bytes, (uint64_t)e->mtime, (uint64_t)e->ctime,
                         (uint64_t)e->skip};
    *hash = pc_hash64(e->path.ptr, e->path.len, *hash);
    *hash = pc_hash64(facts, sizeof facts, *hash);
}

/* Walks over one root; *hash is of all that is there. */
static int scan_root(parasol_watch *w, bool follow, uint64_t *hash,
                     parasol_error *err)
{
    pi_walk_options o = {.exclude = w->index,
                         .gitignore = w->options.gitignore != 0,
                         .entering = follow ? on_entering : NULL,
                         .user = w};
    pi_walk *walk = NULL;
    pi_entry entry;
    bool more = true;
    int rc = pi_walk_open(&walk, w->roots[w->root].dir, &o, w->mem, err);
    while (!rc && more && !w->stopped) {
        rc = pi_walk_next(walk, &entry, &more, err);
        if (!rc && more)
            hash_entry(hash, &entry);
    }
    pi_walk_free(walk);
    return rc;
}

static int scan_roots(parasol_watch *w, bool follow, uint64_t *hash,
                      parasol_error *err)
{
    int rc = PARASOL_OK;
    *hash = 0;
    w->scan++;
    for (w->root = 0; !rc && w->root < w->n_roots; w->root++)
        rc = scan_root(w, follow, hash, err);
    return rc;
}

int pi_watch_hash(parasol_watch *w, uint64_t *hash, parasol_error *err)
{
    return scan_roots(w, false, hash, err);
}

int pi_watch_poll(parasol_watch *w, const char *why, parasol_error *err)
{
    drop_folders(w, true);
    (void)snprintf(w->why, sizeof w->why, "%s", why);
    if (w->options.poll_ms == 0)
        w->options.poll_ms = POLL_MS;
    w->everything = true;
    return scan_roots(w, false, &w->seen, err);
}

int pi_watch_rescan(parasol_watch *w, parasol_error *err)
{
    parasol_error why = {0};
    uint64_t hash;
    w->rescan = false;
    int rc = scan_roots(w, true, &hash, &why);
    if (!rc) {
        drop_folders(w, false);
        return PARASOL_OK;
    }
    if (rc == PARASOL_FULL)
        return pi_watch_poll(w,
                             "the system does not follow so many folders "
                             "(fs.inotify.max_user_watches)",
                             err);
    if (err)
        *err = why;
    return rc;
}
