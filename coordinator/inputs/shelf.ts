import type { Files } from './port.ts'
import type { Shelf } from './shelves.ts'

/** Uploaded files as what jobs read. @param files with the place their text stands at */
export function filesShelf(files: Pick<Files, 'get' | 'read'> & Pick<Shelf, 'place'>): Shelf {
  return {
    async find(source) {
      const file = await files.get(source)
      return file && { bytes: file.storedBytes, sha256: file.sha256 }
    },
    place: files.place,
    read: files.read,
  }
}
