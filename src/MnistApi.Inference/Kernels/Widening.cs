using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistApi.Inference.Kernels;

/// <summary>Bytes to floats of the same value.</summary>
internal static class Widening
{
    /// <summary>Widens <paramref name="count"/> bytes, front to back, so that they may lie at the end of the floats' own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToFloats(ref byte bytes, ref float floats, nuint count)
    {
        nuint i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i + 16 <= count; i += 16)
                Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref bytes, i))).StoreUnsafe(ref floats, i);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; i + 16 <= count; i += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref bytes, i));
                var (a, b) = Vector128.Widen(low);
                var (c, d) = Vector128.Widen(high);
                Vector128.ConvertToSingle(a.AsInt32()).StoreUnsafe(ref floats, i);
                Vector128.ConvertToSingle(b.AsInt32()).StoreUnsafe(ref floats, i + 4);
                Vector128.ConvertToSingle(c.AsInt32()).StoreUnsafe(ref floats, i + 8);
                Vector128.ConvertToSingle(d.AsInt32()).StoreUnsafe(ref floats, i + 12);
            }
        }
        for (; i < count; i++)
            Unsafe.Add(ref floats, i) = Unsafe.Add(ref bytes, i);
    }
}
