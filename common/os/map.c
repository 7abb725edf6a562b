/*
 * Read-only mapping of files and of parts of them.
 */
#define _DEFAULT_SOURCE 1 /* NOLINT: the name is given; for madvise */

#include "common/os/map.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "common/os/file.h"

int pc_map_extent(pc_map *out, const pc_extent *part, const char *path,
                  parasol_error *err)
{
    uint64_t size = 0;
    long page = sysconf(_SC_PAGESIZE);
    int rc = pc_file_size(part->fd, &size, path, err);
    if (rc)
        return rc;
    if (part->off > size || part->len > size - part->off)
        return pc_fail(err, PARASOL_IO, "cannot map %s: it ends before", path);
    *out = (pc_map){NULL, 0, 0};
    if (part->len == 0) /* mmap refuses a length of 0 */
        return PARASOL_OK;
    /* mmap wants multiples of the page of the machine, which need not be that
       of the format. */
    size_t before = (size_t)(part->off % (uint64_t)(page > 0 ? page : 4096));
    void *p = mmap(NULL, (size_t)part->len + before, PROT_READ, MAP_SHARED,
                   part->fd, (off_t)(part->off - before));
    if (p == MAP_FAILED)
        return pc_fail_os(err, errno, "cannot map %s", path);
    *out = (pc_map){(const uint8_t *)p + before, (size_t)part->len, before};
    return PARASOL_OK;
}

int pc_map_open(pc_map *out, const char *path, parasol_error *err)
{
    pc_extent whole = {-1, 0, 0};
    int rc = pc_file_open(&whole.fd, path, err);
    if (!rc)
        rc = pc_file_size(whole.fd, &whole.len, path, err);
    if (!rc)
        rc = pc_map_extent(out, &whole, path, err);
    pc_file_close(whole.fd); /* the mapping does not need it */
    return rc;
}

/* Drops the const that the map promises to its users; the system's own
   functions want the address as mmap gave it. */
static void *address_of(const pc_map *map)
{
    return (void *)((uintptr_t)map->ptr - map->before);
}

void pc_map_read_ahead(const pc_map *map)
{
    if (map->ptr)
        (void)posix_madvise(address_of(map), map->len + map->before,
                            POSIX_MADV_SEQUENTIAL);
}

void pc_map_forget(const pc_map *map)
{
#ifdef MADV_DONTNEED
    /* posix_madvise may take it as advice and do nothing, and glibc does. */
    if (map->ptr)
        (void)madvise(address_of(map), map->len + map->before, MADV_DONTNEED);
#else
    PC_UNUSED(map);
#endif
}

void pc_map_close(pc_map *map)
{
    if (map->ptr)
        (void)munmap(address_of(map), map->len + map->before);
    *map = (pc_map){NULL, 0, 0};
}
