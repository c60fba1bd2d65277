namespace MnistApi.Imaging;

/// <summary>The formats that pictures are read in; each has a decoder of its own, and no other can be reached.</summary>
[Flags]
public enum PictureFormats
{
    /// <summary>PNG, every kind of it.</summary>
    Png = 1,

    /// <summary>JPEG, baseline and progressive, in grey, colours or printing inks.</summary>
    Jpeg = 2,

    /// <summary>All of them.</summary>
    All = Png | Jpeg,
}
