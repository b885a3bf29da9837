"""torch_peer.py LIBRARY FILE: the CUDA library against torch in one process, on one batch, timed by the same events.

Rows for the table of bench_cuda, with torch's time as the rate. Results are compared before they are timed.
"""

import ctypes
import sys

import torch


class Rows(ctypes.Structure):
    _fields_ = [
        ("x", ctypes.c_void_p), ("labels", ctypes.c_void_p), ("n", ctypes.c_int64),
        ("y", ctypes.c_void_p), ("y_labels", ctypes.c_void_p), ("m", ctypes.c_int64),
        ("self", ctypes.c_void_p), ("d", ctypes.c_int64), ("type", ctypes.c_int), ("distance", ctypes.c_int),
        ("precision", ctypes.c_int), ("scratch", ctypes.c_void_p), ("scratch_bytes", ctypes.c_int64),
        ("status", ctypes.c_void_p), ("stream", ctypes.c_void_p),
    ]


BATCH_HARD = 1
NAMES = {0: "euclidean", 2: "manhattan"}


def least_milliseconds(work):
    least = float("inf")
    for run in range(6):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        work()
        end.record()
        end.synchronize()
        if run > 0:
            least = min(least, begin.elapsed_time(end))
    return least


def torch_batch_hard(x, labels, p):
    distances = torch.cdist(x, x, p=p)
    same = labels[:, None] == labels[None, :]
    negative = distances.masked_fill(same, float("inf")).argmin(1)
    same.fill_diagonal_(False)
    positive = distances.masked_fill_(~same, -1).argmax(1)
    return positive, negative


def measure(library, table, n, d, distance):
    generator = torch.Generator(device="cuda").manual_seed(1)
    labels = torch.arange(n, device="cuda") // 16
    centres = torch.randn((n + 15) // 16, d, device="cuda", generator=generator)
    x = centres[labels] + 0.7 * torch.randn(n, d, device="cuda", generator=generator)
    positive, negative = torch.empty_like(labels), torch.empty_like(labels)
    status = torch.zeros(2, dtype=torch.int64, device="cuda")
    rows = Rows(x=x.data_ptr(), labels=labels.data_ptr(), n=n, d=d, distance=distance, status=status.data_ptr(),
                stream=torch.cuda.current_stream().cuda_stream)
    rows.scratch_bytes = library.mien_cuda_scratch_bytes(ctypes.byref(rows), BATCH_HARD, ctypes.c_int64(1))
    scratch = torch.empty(rows.scratch_bytes + 256, dtype=torch.uint8, device="cuda")
    rows.scratch = (scratch.data_ptr() + 255) // 256 * 256

    def mien():
        failed = library.mien_cuda_batch_hard(ctypes.byref(rows), ctypes.c_int64(1), ctypes.c_int64(1),
                                              ctypes.c_void_p(positive.data_ptr()), ctypes.c_void_p(negative.data_ptr()),
                                              None, None)
        if failed:
            raise RuntimeError(library.mien_cuda_message().decode())

    def peer():
        return torch_batch_hard(x, labels, 1 if distance == 2 else 2)

    mien()
#The same rows in nearly every place : torch rounds to float32.
    agreed = [(ours == theirs).double().mean().item() for ours, theirs in zip((positive, negative), peer())]
    if status[0].item() != 0 or min(agreed) < 0.99:
        raise RuntimeError(f"n={n} d={d} distance {distance}: status {status.tolist()}, agreement {agreed}")
    ours, theirs = least_milliseconds(mien), least_milliseconds(peer)
    table.write(f"batch-hard vs torch\t{NAMES[distance]}\t{n}\t{d}\t{ours:.4f}\ttorch {theirs:.2f} ms, {theirs / ours:.1f}x\n")
    table.flush()


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.mien_cuda_scratch_bytes.restype = ctypes.c_int64
    library.mien_cuda_message.restype = ctypes.c_char_p
    with open(sys.argv[2], "a", encoding="utf-8") as table:
        for n, d in ((256, 128), (1024, 128), (4096, 128), (4096, 512), (32768, 512)):
            measure(library, table, n, d, 0)
        measure(library, table, 4096, 512, 2)


if __name__ == "__main__":
    main()
