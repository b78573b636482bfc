// The kernel's memory: what is reserved stays; nothing is ever freed, since an instance serves one job.
let top: usize = __heap_base

/** Room for `bytes` bytes, aligned to 16; the address, or 0 where the device has no more memory. */
export function reserve(bytes: usize): usize {
  const start = (top + 15) & ~15
  const end = start + bytes
  const pages = <i32>((end + 0xffff) >>> 16)
  const missing = pages - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) return 0
  top = end
  return start
}
