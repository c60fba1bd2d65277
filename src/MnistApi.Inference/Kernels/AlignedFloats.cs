using System.Runtime.CompilerServices;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// Floats that begin on a cache line, so that no aligned vector straddles two. Pinned, because the
/// garbage collector keeps no alignment when it moves an array.
/// </summary>
internal readonly struct AlignedFloats
{
    private const int CacheLine = 64;

    private readonly float[] _array;
    private readonly int _start;

    public AlignedFloats(int length)
    {
        _array = GC.AllocateArray<float>(length + CacheLine / sizeof(float), pinned: true);
        Length = length;
        var address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        _start = (int)((CacheLine - address % CacheLine) % CacheLine) / sizeof(float);
    }

    public int Length { get; }

    public ref float First => ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array), _start);

    public Span<float> Span => _array.AsSpan(_start, Length);
}
