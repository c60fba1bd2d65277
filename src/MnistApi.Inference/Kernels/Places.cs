using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Inference.Kernels;

/// <summary>
/// For every mask of eight bits the places of its ones, pressed together: with a shuffle by it, eight bytes are compressed on machines
/// that have no instruction for that.
/// </summary>
internal static class Places
{
    private static readonly ulong[] s_ofOnes = [.. Enumerable.Range(0, 256).Select(OfOnes)];

    /// <summary>The table's beginning: to be fetched once, before a loop.</summary>
    public static ref ulong Table => ref MemoryMarshal.GetArrayDataReference(s_ofOnes);

    /// <summary>The places for a mask of eight bits, from lane 0 on; what is in the
    /// lanes beyond its number of ones has no meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Of(uint mask, ref ulong table) => Vector128.CreateScalarUnsafe(Unsafe.Add(ref table, mask)).AsByte();

    private static ulong OfOnes(int mask)
    {
        var places = 0ul;
        for (int bit = 0, count = 0; bit < 8; bit++)
        {
            if ((mask >> bit & 1) != 0)
                places |= (ulong)bit << 8 * count++;
        }
        return places;
    }
}
