namespace MnistApi.Inference;

/// <summary>The measures of an MNIST picture: the only place where 28, 784 and 10 are written.</summary>
public static class MnistImage
{
    /// <summary>Pixels in a row, 28.</summary>
    public const int Width = 28;

    /// <summary>Rows in a picture, 28.</summary>
    public const int Height = 28;

    /// <summary>Pixels in a picture, 784, row by row from the top left corner.</summary>
    public const int Pixels = Width * Height;

    /// <summary>Classes, the digits 0 to 9.</summary>
    public const int Classes = 10;

    /// <summary>The value of full ink in a byte picture, 255; the background is 0.</summary>
    public const int FullInk = byte.MaxValue;
}
