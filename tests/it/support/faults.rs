//! Puts a `Disk` beneath SQLite: the process's file layer, with an eye on the folders that are watched.
//!
//! It becomes the default for this process, so that nothing in `src/` knows of it. Files elsewhere are opened by the real layer and
//! never seen here again; each watched folder has a disk of its own, so tests beside each other do not meet.

#![allow(unsafe_code, reason = "SQLite calls its file layer through C function pointers; this is the one place that gives it some")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use rusqlite::ffi::{
    SQLITE_IOERR, SQLITE_OK, SQLITE_OPEN_MAIN_JOURNAL, SQLITE_OPEN_SUPER_JOURNAL, SQLITE_OPEN_WAL, sqlite3_file, sqlite3_int64,
    sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

use super::disk::State;

type Watched = Mutex<Vec<(PathBuf, Weak<Mutex<State>>)>>;
static WATCHED: Watched = Mutex::new(Vec::new());

/// From now on what SQLite does in this folder is asked of this disk first.
pub fn watch(folder: &Path, disk: &Arc<Mutex<State>>) {
    real();
    let folder = folder.canonicalize().expect("a folder");
    let mut watched = locked(&WATCHED);
    watched.retain(|(_, disk)| disk.strong_count() > 0);
    watched.push((folder, Arc::downgrade(disk)));
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The real layer and the size of its file objects.
struct Real {
    layer: *mut sqlite3_vfs,
    size: usize,
}

// SAFETY: the layer is a static of SQLite's that nobody changes after start; it may be used from every thread.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

fn real() -> &'static Real {
    static REAL: OnceLock<Real> = OnceLock::new();
    REAL.get_or_init(|| {
        // SAFETY: SQLite gives its default layer, which lives as long as the process; ours is a copy of it that is never freed, with
        // room for one pointer behind each file object and two functions of our own.
        unsafe {
            assert_eq!(rusqlite::ffi::sqlite3_initialize(), SQLITE_OK);
            let layer = sqlite3_vfs_find(std::ptr::null());
            let size = usize::try_from((*layer).szOsFile).expect("a size").next_multiple_of(align_of::<*mut Opened>());
            let mut ours = Box::new(*layer);
            ours.zName = c"disks-that-fail".as_ptr();
            ours.szOsFile = c_int::try_from(size + size_of::<*mut Opened>()).expect("a size");
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            assert_eq!(sqlite3_vfs_register(Box::into_raw(ours), 1), SQLITE_OK);
            Real { layer, size }
        }
    })
}

/// What stands behind the real layer's file object: the functions it answers with, and whom they ask.
struct Opened {
    ours: sqlite3_io_methods,
    real: *const sqlite3_io_methods,
    disk: Arc<Mutex<State>>,
    name: String,
    with_folder: bool,
}

/// The disk of the folder that this file is in, and its name there.
///
/// # Safety
/// `path` is null or a C string.
unsafe fn disk_of(path: *const c_char) -> Option<(Arc<Mutex<State>>, PathBuf, String)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let path = PathBuf::from(unsafe { CStr::from_ptr(path) }.to_str().ok()?);
    let disk = locked(&WATCHED).iter().find(|(folder, _)| path.parent() == Some(folder)).and_then(|(_, disk)| disk.upgrade())?;
    let name = path.file_name()?.to_str()?.to_owned();
    Some((disk, path, name))
}

unsafe extern "C" fn open(_: *mut sqlite3_vfs, path: *const c_char, file: *mut sqlite3_file, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: SQLite gives a C string and room for a file object of the size that was asked for; the real layer gets its own part
    // of it, and the pointer goes behind that.
    unsafe {
        let disk = disk_of(path);
        if let Some((disk, path, name)) = &disk
            && let Err(error) = locked(disk).open(name, || std::fs::read(path).ok())
        {
            (*file).pMethods = std::ptr::null();
            return error;
        }
        let answer = (*real().layer).xOpen.map_or(SQLITE_IOERR, |open| open(real().layer, path, file, flags, out));
        if let (SQLITE_OK, Some((disk, _, name))) = (answer, disk) {
            let methods = (*file).pMethods;
            let mut ours = *methods;
            ours.xClose = Some(close);
            ours.xWrite = Some(write);
            ours.xTruncate = Some(truncate);
            ours.xSync = Some(sync);
            let with_folder = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL) != 0;
            let opened = Box::into_raw(Box::new(Opened { ours, real: methods, disk, name, with_folder }));
            *slot(file) = opened;
            (*file).pMethods = &raw const (*opened).ours;
        }
        answer
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, path: *const c_char, with_folder: c_int) -> c_int {
    // SAFETY: a C string of SQLite's, handed on as it came.
    unsafe {
        if let Some((disk, path, name)) = disk_of(path)
            && path.exists()
            && let Err(error) = locked(&disk).delete(&name, with_folder != 0)
        {
            return error;
        }
        (*real().layer).xDelete.map_or(SQLITE_IOERR, |delete| delete(real().layer, path, with_folder))
    }
}

/// Where the pointer stands in a file object.
///
/// # Safety
/// `file` was opened by `open` above.
unsafe fn slot(file: *mut sqlite3_file) -> *mut *mut Opened {
    // SAFETY: `open` was given as many bytes as `szOsFile` says, aligned for a pointer.
    unsafe { file.cast::<u8>().add(real().size).cast() }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: only files that `open` furnished come here, each once.
    unsafe {
        let opened = Box::from_raw(*slot(file));
        (*file).pMethods = opened.real;
        (*opened.real).xClose.map_or(SQLITE_IOERR, |close| close(file))
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, data: *const c_void, length: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: only files that `open` furnished come here; `data` has `length` bytes.
    unsafe {
        let opened = &**slot(file);
        let bytes = std::slice::from_raw_parts(data.cast::<u8>(), usize::try_from(length).expect("a length"));
        let mut disk = locked(&opened.disk);
        let (written, answer) = disk.write(&opened.name, usize::try_from(offset).expect("an offset"), bytes);
        if written > 0 {
            let part = c_int::try_from(written).expect("a length");
            let done = (*opened.real).xWrite.map_or(SQLITE_IOERR, |write| write(file, data, part, offset));
            assert_eq!(done, SQLITE_OK, "the disk beneath the disk is sound");
            disk.done(&opened.name);
        }
        answer
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: only files that `open` furnished come here.
    unsafe {
        let opened = &**slot(file);
        let mut disk = locked(&opened.disk);
        if let Err(error) = disk.truncate(&opened.name, usize::try_from(size).expect("a size")) {
            return error;
        }
        let done = (*opened.real).xTruncate.map_or(SQLITE_IOERR, |truncate| truncate(file, size));
        disk.done(&opened.name);
        done
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: only files that `open` furnished come here.
    unsafe {
        let opened = &**slot(file);
        match locked(&opened.disk).sync(&opened.name, opened.with_folder) {
            Ok(()) => SQLITE_OK,
            Err(error) => error,
        }
    }
}
