/** Errors of the file system that a full disk or missing permissions explain better than a bug. */
export const fileSystemErrors: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  ENOTDIR: 'a part of the path is there already, and not as a folder',
  EISDIR: 'is a folder',
  EEXIST: 'is there already, and not as a folder',
  ENOENT: 'no such file or folder, and none can be made',
  ENOTEMPTY: 'is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
};
