# docker build -t mnist-api --build-arg REVISION=$(git rev-parse HEAD) .
# The same sources and base images give the same layer of the application, bit for bit: deploy/reproduce.sh --image
# Built on the builder's own platform for the target's: no emulation.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# What a restore depends on, and nothing else: this layer is kept until a package changes.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY src/MnistApi/MnistApi.csproj src/MnistApi/
COPY src/MnistApi.Imaging/MnistApi.Imaging.csproj src/MnistApi.Imaging/
COPY src/MnistApi.Inference/MnistApi.Inference.csproj src/MnistApi.Inference/
RUN dotnet restore src/MnistApi -a $TARGETARCH

COPY src src
# The image's user may write to one place, /data, where MNIST is kept. A layer has its files' times in it, so they are set.
ARG SOURCE_DATE_EPOCH=0
RUN dotnet publish src/MnistApi --no-restore -c Release -a $TARGETARCH -o /image/app && \
    mkdir /image/data && chown 1654:1654 /image/data && \
    find /image -exec touch --date=@$SOURCE_DATE_EPOCH {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
# All at once: a folder that is named here would be made anew, with the time of now.
COPY --from=build /image /
WORKDIR /app
ENV ASPNETCORE_HTTP_PORTS=8080 Grpc__Port=8081 Dataset__Path=/data
# Bytes are taken in, and short requests answered, on the thread that hears of them: src/MnistApi/Startup/Transport.cs
ENV DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
EXPOSE 8080 8081
USER 1654
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["dotnet", "MnistApi.dll", "--health"]
ENTRYPOINT ["dotnet", "MnistApi.dll"]
# Last, since the revision changes when nothing else does.
ARG REVISION=unknown
LABEL org.opencontainers.image.title="MnistApi" \
      org.opencontainers.image.description="Handwritten digits in, class probabilities out" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.base.name="mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled"
