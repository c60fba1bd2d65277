using CsCheck;

namespace MnistApi.TestData;

/// <summary>Files near right ones: a few bytes changed, put in, taken out or said twice, or the end
/// cut off. Where one makes a property fail, CsCheck prints its seed.</summary>
public static class Mutated
{
    private const int MaxChanges = 6;

    public static Gen<byte[]> Of(params byte[][] files) =>
        Gen.Select(Gen.OneOf(files), Gen.Select(Gen.Int[0, 4], Gen.Int[0, int.MaxValue], Gen.Byte).Array[0, MaxChanges], Change);

    private static byte[] Change(byte[] file, (int Kind, int At, byte Value)[] changes)
    {
        var bytes = file.ToList();
        foreach (var (kind, place, value) in changes)
        {
            if (bytes.Count == 0)
                break;
            var at = place % bytes.Count;
            switch (kind)
            {
                case 0: bytes[at] = value; break;
                case 1: bytes.Insert(at, value); break;
                case 2: bytes.RemoveRange(at, Math.Min(value % 8 + 1, bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.Skip(at).Take(value).ToArray()); break;
                default: bytes.RemoveRange(bytes.Count - Math.Min(value, bytes.Count), Math.Min(value, bytes.Count)); break;
            }
        }
        return [.. bytes];
    }
}
