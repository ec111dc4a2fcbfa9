/* Speaks with libvpx for src/vp9.rs: its structures are laid out as the headers of the installed library say. */

#include <stdint.h>
#include <stdlib.h>

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

/* Of a second. */
#define TICKS 90000

struct conclave_encoder {
  vpx_codec_ctx_t codec;
  vpx_codec_enc_cfg_t configuration;
};

struct conclave_decoder {
  vpx_codec_ctx_t codec;
};

/* Of somebody else's, as long as nothing else is done with who gave it. */
struct conclave_planes {
  const uint8_t *planes[3];
  size_t strides[3];
  uint32_t width;
  uint32_t height;
};

/* As long; no bytes where it is left out to keep to the rate. */
struct conclave_frame {
  const uint8_t *bytes;
  size_t length;
  int is_key;
};

static void configure(vpx_codec_enc_cfg_t *to, uint32_t width, uint32_t height, uint32_t kbps) {
  to->g_w = width;
  to->g_h = height;
  to->g_timebase.num = 1;
  to->g_timebase.den = TICKS;
  to->g_threads = 1;
  to->g_pass = VPX_RC_ONE_PASS;
  /* Each frame comes out as it goes in. */
  to->g_lag_in_frames = 0;
  /* Key frames come when they are asked for. */
  to->kf_mode = VPX_KF_DISABLED;
  to->rc_end_usage = VPX_CBR;
  to->rc_target_bitrate = kbps;
  to->rc_min_quantizer = 8;
  to->rc_max_quantizer = 56;
  to->rc_undershoot_pct = 50;
  to->rc_overshoot_pct = 50;
  to->rc_buf_sz = 1000;
  to->rc_buf_initial_sz = 500;
  to->rc_buf_optimal_sz = 600;
  to->rc_dropframe_thresh = 25;
  to->rc_resize_allowed = 0;
}

static int is_tuned(vpx_codec_ctx_t *codec) {
  return vpx_codec_control(codec, VP8E_SET_CPUUSED, 8) == VPX_CODEC_OK &&
         vpx_codec_control(codec, VP9E_SET_TUNE_CONTENT, VP9E_CONTENT_SCREEN) == VPX_CODEC_OK &&
         vpx_codec_control(codec, VP9E_SET_AQ_MODE, 3) == VPX_CODEC_OK &&
         vpx_codec_control(codec, VP8E_SET_STATIC_THRESHOLD, 1) == VPX_CODEC_OK &&
         /* As src/i420.rs makes them. */
         vpx_codec_control(codec, VP9E_SET_COLOR_SPACE, VPX_CS_BT_709) == VPX_CODEC_OK &&
         vpx_codec_control(codec, VP9E_SET_COLOR_RANGE, VPX_CR_STUDIO_RANGE) == VPX_CODEC_OK &&
         /* Of what a frame has on average, in percent: a key frame does not fill a slow way. */
         vpx_codec_control(codec, VP8E_SET_MAX_INTRA_BITRATE_PCT, 450) == VPX_CODEC_OK;
}

void conclave_vp9_close(struct conclave_encoder *encoder) {
  vpx_codec_destroy(&encoder->codec);
  free(encoder);
}

/* NULL: it can't be. */
struct conclave_encoder *conclave_vp9_open(uint32_t width, uint32_t height, uint32_t kbps) {
  struct conclave_encoder *encoder = calloc(1, sizeof *encoder);
  vpx_codec_enc_cfg_t *configuration;
  if (encoder == NULL) return NULL;
  configuration = &encoder->configuration;
  if (vpx_codec_enc_config_default(vpx_codec_vp9_cx(), configuration, 0) != VPX_CODEC_OK) {
    free(encoder);
    return NULL;
  }
  configure(configuration, width, height, kbps);
  if (vpx_codec_enc_init(&encoder->codec, vpx_codec_vp9_cx(), configuration, 0) != VPX_CODEC_OK) {
    free(encoder);
    return NULL;
  }
  if (!is_tuned(&encoder->codec)) {
    conclave_vp9_close(encoder);
    return NULL;
  }
  return encoder;
}

/* 0: it is so from the next frame on. */
int conclave_vp9_set_rate(struct conclave_encoder *encoder, uint32_t kbps) {
  encoder->configuration.rc_target_bitrate = kbps;
  return vpx_codec_enc_config_set(&encoder->codec, &encoder->configuration) != VPX_CODEC_OK;
}

/* 0: it was taken, and what became of it is in `frame`. */
int conclave_vp9_encode(struct conclave_encoder *encoder, const struct conclave_planes *picture, int64_t at,
                        uint32_t duration, int wants_key, struct conclave_frame *frame) {
  vpx_image_t image;
  vpx_codec_iter_t iterator = NULL;
  const vpx_codec_cx_pkt_t *packet;
  const vpx_enc_frame_flags_t flags = wants_key ? VPX_EFLAG_FORCE_KF : 0;
  int plane;
  frame->bytes = NULL;
  frame->length = 0;
  frame->is_key = 0;
  /* The library reads, and its type does not say so. */
  if (vpx_img_wrap(&image, VPX_IMG_FMT_I420, picture->width, picture->height, 1, (uint8_t *)picture->planes[0]) == NULL)
    return 1;
  for (plane = 0; plane < 3; plane++) {
    image.planes[plane] = (uint8_t *)picture->planes[plane];
    image.stride[plane] = (int)picture->strides[plane];
  }
  if (vpx_codec_encode(&encoder->codec, &image, at, duration, flags, VPX_DL_REALTIME) != VPX_CODEC_OK) return 1;
  while ((packet = vpx_codec_get_cx_data(&encoder->codec, &iterator)) != NULL) {
    if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
    frame->bytes = packet->data.frame.buf;
    frame->length = packet->data.frame.sz;
    frame->is_key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
    return 0;
  }
  return 0;
}

void conclave_vp9_decoder_close(struct conclave_decoder *decoder) {
  vpx_codec_destroy(&decoder->codec);
  free(decoder);
}

/* NULL: it can't be. */
struct conclave_decoder *conclave_vp9_decoder_open(void) {
  struct conclave_decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  if (vpx_codec_dec_init(&decoder->codec, vpx_codec_vp9_dx(), NULL, 0) != VPX_CODEC_OK) {
    free(decoder);
    return NULL;
  }
  return decoder;
}

/* 0: what it shows is in `picture`, until the next call. */
int conclave_vp9_decode(struct conclave_decoder *decoder, const uint8_t *bytes, uint32_t length,
                        struct conclave_planes *picture) {
  vpx_codec_iter_t iterator = NULL;
  const vpx_image_t *image;
  int plane;
  if (vpx_codec_decode(&decoder->codec, bytes, length, NULL, 0) != VPX_CODEC_OK) return 1;
  image = vpx_codec_get_frame(&decoder->codec, &iterator);
  if (image == NULL || image->fmt != VPX_IMG_FMT_I420) return 1;
  for (plane = 0; plane < 3; plane++) {
    if (image->stride[plane] <= 0) return 1;
    picture->planes[plane] = image->planes[plane];
    picture->strides[plane] = (size_t)image->stride[plane];
  }
  picture->width = image->d_w;
  picture->height = image->d_h;
  return 0;
}
